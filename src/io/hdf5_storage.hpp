#pragma once

#include "distinfer/io/external.hpp"
#include "hdf5_handle.hpp"

#include <string>

namespace distinfer::io
{

/// Refuses a dataset whose storage is partly missing. HDF5 would read fill values in place of a virtual dataset's
/// sources and zeros in place of external files, and say nothing. Refuses storage outside the file, where it is not to
/// be followed, before anything of it is opened.
/// @param path the file that the dataset is in
/// @param where names the dataset in messages
/// @throws InputError
void require_storage(hid_t dataset, std::string const& path, std::string const& where, External external);

} // namespace distinfer::io
