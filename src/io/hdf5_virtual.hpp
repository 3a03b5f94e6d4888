#pragma once

#include "hdf5_handle.hpp"

#include <string>

namespace distinfer::io
{

/// Refuses a virtual dataset with a source that is missing, or shorter than what is taken from it; HDF5 would read fill
/// values for it. Sources that are virtual themselves are looked through. @throws InputError
void require_virtual_sources(hid_t dataset, std::string const& path, std::string const& where);

} // namespace distinfer::io
