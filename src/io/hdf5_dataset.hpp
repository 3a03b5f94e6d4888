#pragma once

#include "distinfer/io/external.hpp"
#include "distinfer/io/hdf5_read.hpp"
#include "hdf5_handle.hpp"

#include <string>
#include <vector>

namespace distinfer::io
{

struct OpenDataset
{
    Hid id;
    DatasetInfo info;
};

/// Opens a dataset of any type and shape.
/// @param file the open file, whose path is `path`
/// @throws InputError naming the file and what is there instead
Hid open_any_dataset(hid_t file, std::string const& path, std::string const& name, External external);

/// Extents of a dataset that has rows: one at least. @throws InputError
std::vector<hsize_t> extents_of(hid_t dataset, std::string const& where);

/// Opens a dataset and checks that a model could be fed with it: type, rank, extents, and that its storage is there.
/// @param file the open file, whose path is `path`
/// @throws InputError naming file and dataset
OpenDataset open_dataset(hid_t file, std::string const& path, std::string const& name, External external);

} // namespace distinfer::io
