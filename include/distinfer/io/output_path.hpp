#pragma once

#include <string>

namespace distinfer::io
{

/// Finds what would keep an output from being created at this path, before anything is created: a missing or closed
/// folder, a folder of that name, a file that may not be replaced, a link that leads nowhere.
/// @throws OutputError
void check_output_path(std::string const& path, bool overwrite);

/// Whether what is at a path is surely no output: not a file, or one that does not begin as HDF5 files do. It is not
/// given to HDF5, so it may hold anything. A file that cannot be read is not judged.
bool is_foreign(std::string const& path);

/// Whether hosts that write to one file at this path may undo each other's writes: a file system, such as NFS, that
/// sends whole pages and keeps the copies of its clients apart.
bool is_incoherent(std::string const& path);

/// Where an output grows until it is whole: beside its final place.
std::string part_path(std::string const& path);

} // namespace distinfer::io
