#pragma once

#include "hdf5_handle.hpp"

#include <string>

namespace distinfer::io
{

/// Refuses a dataset stored in external files that are missing or too short; HDF5 would read zeros for what is missing.
/// @throws InputError
void require_external_files(hid_t dataset, std::string const& path, std::string const& where);

} // namespace distinfer::io
