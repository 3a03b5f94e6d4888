#pragma once

#include "hdf5_dataset.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace distinfer::io
{

/// Bytes, decoded, of all chunks that hold one row; nothing where that is beyond 64 bits.
/// @param chunk extents, rows first; as many as the dataset has axes
std::optional<std::uint64_t> bytes_across(TensorSpec const& spec, std::span<hsize_t const> chunk);

/// Gives HDF5 room to keep the chunks that hold one row, up to 256 MiB, so that H5Dread of neighbouring rows decodes
/// each chunk once. HDF5's own default, 1 MiB, keeps nothing of a larger chunk. Leaves a dataset alone that is not in
/// chunks.
void cache_chunks(OpenDataset& dataset);

} // namespace distinfer::io
