#pragma once

#include "hdf5_handle.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace distinfer::io
{

/// Opens a file to read. The caller has made a QuietErrors.
/// @throws InputError that says what is wrong with the path, or what the file is instead of HDF5
Hid open_input_file(std::string const& file);

/// What to do about a reason that says a newer HDF5 wrote the file; else empty.
std::string_view version_suggestion(std::string_view reason);

/// How files are opened: locked, where the file system has locks. @throws InternalError
Hid file_access();

/// Absolute paths of the datasets of an open file, by name; those behind external links are left out.
std::vector<std::string> datasets_of(hid_t file);

} // namespace distinfer::io
