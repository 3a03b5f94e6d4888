#pragma once

#include "distinfer/io/external.hpp"
#include "hdf5_handle.hpp"

#include <string>

namespace distinfer::io
{

/// Refuses a virtual dataset with a source that is missing, or shorter than what is taken from it; HDF5 would read fill
/// values for it. Sources that are virtual themselves are looked through. Where what lies elsewhere is not to be
/// followed, every source has to be in the folder of the file that names it, or below it, and store its own data.
/// @throws InputError
void require_virtual_sources(hid_t dataset, std::string const& path, std::string const& where, External external);

} // namespace distinfer::io
