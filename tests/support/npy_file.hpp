#pragma once

#include "distinfer/core/tensor_spec.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

/// .npy files for tests, made without the io layer that they test. Errors are std::runtime_error.
namespace distinfer::test
{

/// How an array is stored.
struct NpyAs
{
    bool big_endian = false;
    int version = 1; ///< of the format: 1 to 3
};

/// The first bytes of a .npy file, up to the array: magic, version, length and the header's text.
std::string npy_head(std::string const& dict, int version = 1);

/// Writes an array `[rows, spec.row_shape...]` as NumPy does.
/// @param bytes the elements in little-endian order
void write_npy(std::string const& file, TensorSpec const& spec, std::uint64_t rows, std::span<std::byte const> bytes,
               NpyAs const& stored = {});

} // namespace distinfer::test
