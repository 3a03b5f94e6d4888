#pragma once

#include "distinfer/io/output_file.hpp"
#include "distinfer/io/passthrough.hpp"
#include "hdf5_handle.hpp"

#include <string>

namespace distinfer::io
{

/// Opens an input file whose datasets are to be copied. @throws InputError where it is not HDF5
Hid open_to_copy(std::string const& file);

/// Whether the values of a dataset lie elsewhere than in itself: it is virtual, or stored in external files.
bool lies_elsewhere(hid_t dataset);

/// Refuses names that the outputs have too. @param path of the output. @throws OutputError
void check_names(std::string const& path, Passthrough const& passthrough, std::vector<PlacedDataset> const& outputs);

/// Copies the datasets into an HDF5 file, which it opens and closes. Their attributes come from the first file. What
/// lies in one file is copied as it is stored, anything else value by value, in blocks of bounded memory.
/// @throws InputError naming file and dataset where a value cannot be read
/// @throws OutputError naming the dataset, above all where the disk is full
void copy_passthrough(std::string const& path, Passthrough const& passthrough);

} // namespace distinfer::io
