#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace distinfer::io
{

/// What every .npy file begins with.
constexpr std::string_view npy_magic{"\x93NUMPY"};

/// Bytes of a file that are enough to find the whole header. NumPy too reads no header longer than 10,000 bytes.
constexpr std::size_t npy_head_bytes = 10'012;

/// What stands in front of the array in a .npy file, as it is written there.
struct NpyHeader
{
    std::string descr;                ///< the type: "<f4"
    bool fortran_order = false;       ///< stored column by column
    std::vector<std::uint64_t> shape; ///< empty: a single value
    std::uint64_t data_offset = 0;    ///< bytes from the file's begin to the array

    bool operator==(NpyHeader const&) const = default;
};

/// Whether a file that begins with these bytes is a .npy file. Pure.
bool is_npy(std::span<std::byte const> head);

/// Parses the header, of format 1.0, 2.0 or 3.0. Pure.
/// @param head the file's first npy_head_bytes, or all of a shorter file
/// @param problem what the message begins with: "cannot read data.npy"
/// @throws InputError that says what is wrong with it
NpyHeader parse_npy_header(std::span<std::byte const> head, std::string const& problem);

} // namespace distinfer::io
