#pragma once

#include "distinfer/io/external.hpp"
#include "hdf5_handle.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace distinfer::io
{

/// What a dataset takes from one of the external files that it is stored in.
struct ExternalPiece
{
    std::string file;      ///< where HDF5 looks for it
    std::uint64_t end = 0; ///< bytes that the file has to have
};

/// The external files that hold the elements of a dataset; none where it is stored in its own file.
/// @param path of the file that the dataset lies in
/// @throws InputError
std::vector<ExternalPiece> external_pieces(hid_t dataset, std::string const& path, std::string const& where);

/// Refuses a dataset stored in external files, where those are not to be followed, are missing or too short; HDF5 would
/// read zeros for what is missing.
/// @throws InputError
void require_external_files(hid_t dataset, std::string const& path, std::string const& where, External external);

} // namespace distinfer::io
