#pragma once

#include "distinfer/io/dataset_info.hpp"

#include <string>
#include <vector>

namespace distinfer::io
{

/// Has HDF5 look for filter plugins in that folder first, before those of HDF5_PLUGIN_PATH. @throws InputError
void add_plugin_folder(std::string const& folder);

/// Absolute paths of the file's datasets, by name; those behind external links are left out. @throws InputError
std::vector<std::string> list_datasets(std::string const& file);

/// @throws InputError naming file and dataset, where it is not there or nothing that a model could be fed with
DatasetInfo describe(std::string const& file, std::string const& dataset);

} // namespace distinfer::io
