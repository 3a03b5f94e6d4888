#pragma once

#include "distinfer/io/hdf5_read.hpp"
#include "hdf5_handle.hpp"

#include <string>

namespace distinfer::io
{

struct OpenDataset
{
    Hid id;
    DatasetInfo info;
};

/// Opens a dataset and checks that a model could be fed with it: type, rank, extents, and that its storage is there.
/// @param file the open file, whose path is `path`
/// @throws InputError naming file and dataset
OpenDataset open_dataset(hid_t file, std::string const& path, std::string const& name);

} // namespace distinfer::io
