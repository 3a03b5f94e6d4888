#include "support/npy_file.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace distinfer::test
{

namespace
{

constexpr std::size_t alignment = 64; ///< of the array in the file, in bytes

/// "<f4"; types of one byte have no order.
std::string descr_of(DType dtype, bool big_endian)
{
    if (dtype == DType::bfloat16) throw std::runtime_error("test file: NumPy has no bfloat16");
    auto const name = name_of(dtype);
    auto const bytes = std::to_string(element_bytes(dtype));
    auto const kind = dtype == DType::boolean ? "b" : std::string{name.front()};
    return (bytes == "1" ? "|" : big_endian ? ">" : "<") + kind + bytes;
}

std::string shape_of(TensorSpec const& spec, std::uint64_t rows)
{
    auto text = "(" + std::to_string(rows) + ",";
    for (std::size_t i = 0; i < spec.row_shape.size(); ++i)
        text += (i == 0 ? " " : ", ") + std::to_string(spec.row_shape[i]);
    return text + ")";
}

} // namespace

std::string npy_head(std::string const& dict, int version)
{
    std::string head{"\x93NUMPY"};
    head.append({static_cast<char>(version), '\0'});
    std::size_t const length_bytes = version == 1 ? 2 : 4;
    auto const begin = head.size() + length_bytes;
    auto const end = (begin + dict.size() + alignment) / alignment * alignment;
    for (std::size_t i = 0; i < length_bytes; ++i) head.push_back(static_cast<char>((end - begin) >> (8 * i) & 255U));
    return head + dict + std::string(end - begin - dict.size() - 1, ' ') + "\n";
}

void write_npy(std::string const& file, TensorSpec const& spec, std::uint64_t rows, std::span<std::byte const> bytes,
               NpyAs const& stored)
{
    std::vector<std::byte> data(bytes.begin(), bytes.end());
    auto const element = static_cast<std::ptrdiff_t>(element_bytes(spec.dtype));
    if (stored.big_endian)
        for (auto at = data.begin(); at != data.end(); at += element) std::reverse(at, at + element);
    auto const head = npy_head("{'descr': '" + descr_of(spec.dtype, stored.big_endian) +
                                   "', 'fortran_order': False, 'shape': " + shape_of(spec, rows) + ", }",
                               stored.version);
    std::ofstream stream{file, std::ios::binary};
    stream << head;
    stream.write(reinterpret_cast<char const*>(data.data()), static_cast<std::streamsize>(data.size()));
    stream.close();
    if (!stream) throw std::runtime_error("test file: cannot write " + file);
}

} // namespace distinfer::test
