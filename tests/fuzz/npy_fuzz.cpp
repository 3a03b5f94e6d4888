// A .npy file of any bytes has a header that says what its array is, or is refused with an InputError.
#include "distinfer/core/error.hpp"
#include "distinfer/core/narrow.hpp"
#include "npy_form.hpp"
#include "npy_header.hpp"
#include "target.hpp"

namespace
{

using namespace distinfer;

/// The bytes behind the magic of a .npy file, with the length that they have, so that the dict is tried more often.
std::vector<std::byte> framed(std::span<std::byte const> dict)
{
    auto const length = dict.size() % io::npy_head_bytes;
    std::vector<std::byte> head;
    for (char const c : io::npy_magic) head.push_back(static_cast<std::byte>(c));
    for (auto const byte : {std::size_t{1}, std::size_t{0}, length % 256, length / 256})
        head.push_back(static_cast<std::byte>(byte));
    head.insert(head.end(), dict.begin(), dict.begin() + static_cast<std::ptrdiff_t>(length));
    return head;
}

void check(std::span<std::byte const> head)
{
    try {
        auto const header = io::parse_npy_header(head, "cannot read fuzz.npy");
        fuzz::require(header.data_offset <= head.size(), "the header lies within the file");
        auto const form = io::npy_form(header, "fuzz.npy");
        fuzz::require(checked_product(form.rows, row_bytes(form.spec)).has_value(), "an array's size can be counted");
    } catch (InputError const&) {
        return;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const bytes = std::as_bytes(std::span{data, size});
    check(bytes);
    check(framed(bytes));
    return 0;
}
