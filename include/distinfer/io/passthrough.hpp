#pragma once

#include "distinfer/io/external.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace distinfer::io
{

/// Input datasets, of whatever type HDF5 knows, that are copied beside the outputs; those of several files are joined
/// along axis 0, as the model's inputs are.
struct Passthrough
{
    std::vector<std::string> files;
    std::vector<std::string> datasets; ///< absolute paths, in the files as in the output
    std::uint64_t rows = 0;            ///< of all files
    std::uint64_t bytes = 0;           ///< about what they take; what variable-length elements point to is not counted
    External external = External::refuse;
};

/// Finds what would keep the datasets from being copied, before a row is read. Where there are none, no file is opened.
/// @param rows of the model's inputs in each file; the datasets need as many
/// @throws InputError naming file and dataset
/// @throws ConfigError where a name is none, or comes twice
Passthrough check_passthrough(std::vector<std::string> files, std::vector<std::uint64_t> const& rows,
                              std::vector<std::string> const& datasets, External external = External::refuse);

} // namespace distinfer::io
