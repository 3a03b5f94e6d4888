#pragma once

#include "hdf5_handle.hpp"

#include <string>

namespace distinfer::io
{

/// Makes an HDF5 file that holds nothing yet; one that is there is replaced. @throws OutputError
void create_hdf5(std::string const& path);

/// Opens an HDF5 file to write into it. Its close fails where an id was forgotten. @throws OutputError
Hid open_to_write(std::string const& path, std::string const& problem);

/// How datasets are linked into an output: missing groups are made, names are UTF-8. @throws OutputError
Hid output_links();

/// Strings of variable length in UTF-8: the one string type that h5py gives back as str. @throws OutputError
Hid text_type();

/// Passes on what a call that writes has returned. @throws OutputError with what the system says of the disk, or else
/// HDF5's reason, where it is negative
hid_t written(hid_t result, std::string const& problem);

} // namespace distinfer::io
