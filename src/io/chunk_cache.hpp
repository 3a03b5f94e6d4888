#pragma once

#include "hdf5_dataset.hpp"

namespace distinfer::io
{

/// Gives HDF5 room to keep the chunks that hold one row, up to 256 MiB, so that H5Dread of neighbouring rows decodes
/// each chunk once. HDF5's own default, 1 MiB, keeps nothing of a larger chunk. Leaves a dataset alone that is not in
/// chunks.
void cache_chunks(OpenDataset& dataset);

} // namespace distinfer::io
