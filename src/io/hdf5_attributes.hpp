#pragma once

#include "hdf5_handle.hpp"

#include <string>

namespace distinfer::io
{

/// Copies the attributes of a dataset to one of another file. Those that hold references, which mean nothing there, are
/// left out.
/// @param problem what to say where it fails
/// @throws InputError, OutputError
void copy_attributes(hid_t from, hid_t to, std::string const& problem);

} // namespace distinfer::io
