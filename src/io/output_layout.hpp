#pragma once

#include "distinfer/io/output_file.hpp"

#include <map>
#include <string>
#include <vector>

namespace distinfer::io
{

/// Makes the names absolute and refuses those that HDF5 could not hold beside each other. Sizes are worked out, offsets
/// are left 0.
/// @throws OutputError naming the dataset
std::vector<PlacedDataset> check_datasets(std::string const& path, std::vector<OutputDataset> datasets);

/// Bytes of all datasets. @throws OutputError where they do not fit a file
std::uint64_t total_bytes(std::string const& path, std::uint64_t rows, std::vector<PlacedDataset> const& datasets);

/// Adds these datasets to an HDF5 file, contiguous, allocated and unfilled, and notes where each begins. The file is
/// closed before and after.
/// @throws OutputError
void lay_out(std::string const& path, std::uint64_t rows, std::vector<PlacedDataset>& datasets);

/// Adds text attributes to the group /dist-infer, which is created where it is missing. @throws OutputError
void add_attributes(std::string const& path, std::map<std::string, std::string> const& attributes);

} // namespace distinfer::io
