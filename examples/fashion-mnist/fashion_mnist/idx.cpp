#include "fashion_mnist/idx.hpp"

#include "distinfer/core/error.hpp"
#include "distinfer/core/narrow.hpp"

#include <string>

namespace fashion_mnist
{

namespace
{

constexpr std::size_t word = 4;
constexpr std::uint32_t magic_of_bytes = 0x0000'0800; ///< the last byte is the number of axes

std::uint32_t big_endian(std::span<std::uint8_t const> file, std::size_t offset)
{
    std::uint32_t value = 0;
    for (auto const byte : file.subspan(offset, word)) value = value << 8 | byte;
    return value;
}

distinfer::InputError refused(std::string_view origin, std::string const& why)
{
    return distinfer::InputError("cannot read " + std::string{origin}, why, "it should be an IDX file of bytes");
}

} // namespace

Array<std::uint8_t> parse_idx(std::span<std::uint8_t const> file, std::string_view origin)
{
    if (file.size() < word) throw refused(origin, "it ends within its magic number");
    auto const magic = big_endian(file, 0);
    auto const axes = std::size_t{magic & 0xFF};
    if ((magic & ~0xFFU) != magic_of_bytes || axes == 0) throw refused(origin, "its magic number is another");
    auto const header = word * (1 + axes);
    if (file.size() < header) throw refused(origin, "it ends within its extents");

    Array<std::uint8_t> array;
    std::uint64_t expected = 1;
    for (std::size_t axis = 1; axis <= axes; ++axis) {
        array.shape.push_back(big_endian(file, word * axis));
        auto const product = distinfer::checked_product(expected, array.shape.back());
        if (!product) throw refused(origin, "its extents do not fit 64 bits");
        expected = *product;
    }
    auto const values = file.subspan(header);
    if (values.size() != expected) {
        throw refused(origin,
                      std::to_string(values.size()) + " values where its extents say " + std::to_string(expected));
    }
    array.values.assign(values.begin(), values.end());
    return array;
}

} // namespace fashion_mnist
