#pragma once

#include "distinfer/io/external.hpp"
#include "hdf5_handle.hpp"

#include <string>

namespace distinfer::io
{

/// Refuses a dataset stored in external files, where those are not to be followed, are missing or too short; HDF5 would
/// read zeros for what is missing.
/// @throws InputError
void require_external_files(hid_t dataset, std::string const& path, std::string const& where, External external);

} // namespace distinfer::io
