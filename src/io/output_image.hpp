#pragma once

#include "distinfer/file/file.hpp"
#include "distinfer/io/output_file.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace distinfer::io
{

/// The bytes of an output that hold no rows, as they are now: HDF5's metadata. Kilobytes.
///
/// Attributes are added in place, so that a process which is killed meanwhile leaves metadata that nobody can read. Put
/// back, the image makes the file what it was; rows are not touched.
/// @param own_from where what is ours begins: metadata of datasets that pass through stays as it is, all but the file's
/// head
/// @throws OutputError
std::vector<std::byte> read_image(file::FileDescriptor const& file, std::string const& path, std::uint64_t own_from,
                                  std::uint64_t rows, std::vector<PlacedDataset> const& datasets);

/// Puts the bytes back, and the file's size. @throws OutputError where that fails or the image is none
void restore_image(file::FileDescriptor const& file, std::string const& path, std::span<std::byte const> image);

} // namespace distinfer::io
