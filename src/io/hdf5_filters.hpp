#pragma once

#include "hdf5_handle.hpp"

#include <string>

namespace distinfer::io
{

/// The registered number of h5py's filter. ChunkCodec undoes it, so it is never missing.
inline constexpr H5Z_filter_t lzf_filter = 32000;

/// Names a filter that the dataset was written with and that this HDF5 lacks: "filter 32001 (blosc)"; else empty.
std::string missing_filter(hid_t dataset);

/// Refuses a dataset whose first stored chunk needs a filter that is not there. @throws InputError
void require_filters(hid_t dataset, std::string const& where);

/// Refuses a dataset with a filter that HDF5 itself cannot undo, lzf included. @throws InputError
void require_filters_of_hdf5(hid_t dataset, std::string const& where);

/// What to do about a filter that is missing.
std::string_view filter_suggestion();

} // namespace distinfer::io
