#pragma once

#include <string>

namespace distinfer::io
{

/// Finds what would keep an output from being created at this path, before anything is created: a missing or closed
/// folder, a folder of that name, a file that may not be replaced.
/// @throws OutputError
void check_output_path(std::string const& path, bool overwrite);

/// Where an output grows until it is whole: beside its final place.
std::string part_path(std::string const& path);

} // namespace distinfer::io
