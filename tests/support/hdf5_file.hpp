#pragma once

#include "distinfer/core/tensor_spec.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// HDF5 files for tests, made and read without the io layer that they test. Errors are std::runtime_error.
namespace distinfer::test
{

/// How a dataset is stored.
struct StoredAs
{
    bool big_endian = false;
    std::vector<std::uint64_t> chunk; ///< extents of a chunk, rows first; empty: contiguous
    unsigned deflate = 0;             ///< 1 to 9, in chunks only
    bool shuffle = false;
    bool fletcher32 = false;
};

/// Adds a dataset `[rows, spec.row_shape...]` to a file, which is created where it is missing.
/// @param bytes the elements in the machine's byte order; empty: nothing is written, so that it reads as zeros
void write_dataset(std::string const& file, std::string const& name, TensorSpec const& spec, std::uint64_t rows,
                   std::span<std::byte const> bytes, StoredAs const& stored = {});

/// Overwrites rows from `first` on of a dataset that is there, as many as the bytes (in the file's type) make up.
void write_rows(std::string const& file, std::string const& name, std::uint64_t first,
                std::span<std::byte const> bytes);

/// Adds a virtual dataset to a file, which is created where it is missing: all rows of a dataset of another file.
void write_virtual(std::string const& file, std::string const& name, TensorSpec const& spec, std::uint64_t rows,
                   std::string const& source, std::string const& source_name);

/// Flips the bits of bytes of a file, of whatever kind, from an offset on.
void flip_bits(std::string const& file, std::uint64_t offset, std::size_t bytes);

/// All elements, in the machine's byte order and in the file's type.
std::vector<std::byte> read_dataset(std::string const& file, std::string const& name);

/// A text attribute of a group or dataset.
std::string read_attribute(std::string const& file, std::string const& object, std::string const& name);

} // namespace distinfer::test
