#pragma once

#include "distinfer/io/hdf5_read.hpp"
#include "distinfer/io/stored_form.hpp"
#include "hdf5_handle.hpp"

#include <cstdint>

namespace distinfer::io
{

/// Where the bytes of a dataset lie in its file, so that they can be read without HDF5.
struct StoredLayout
{
    enum class Kind {
        contiguous,   ///< rows from `offset` on
        chunks,       ///< chunks, to be asked for one by one
        through_hdf5, ///< only H5Dread knows: virtual, external, compact, other filters, not allocated, odd types
    };

    Kind kind = Kind::through_hdf5;
    std::uint64_t offset = 0;      ///< contiguous: bytes from the file's begin
    std::uint64_t chunk_shift = 0; ///< chunks: bytes that this HDF5 leaves out of their addresses
    bool rows_in_chunks = false;   ///< chunks without filters that hold whole rows: their rows can be read as they are
    StoredForm form;               ///< how its rows travel
};

/// Finds out how a dataset is stored, and proves it: where a user block makes addresses doubtful, bytes that HDF5
/// reads are compared with bytes of the file, and what does not agree is left to HDF5.
/// @param descriptor of the same file, to read from
StoredLayout find_layout(hid_t dataset, DatasetInfo const& info, int descriptor);

} // namespace distinfer::io
