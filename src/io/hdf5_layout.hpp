#pragma once

#include "distinfer/io/chunk_limits.hpp"
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
        chunks,       ///< filtered chunks, which can be had as they are stored
        row_chunks,   ///< chunks without filters, of `chunk_rows` whole rows each
        through_hdf5, ///< H5Dread: virtual, external, linked, compact, other chunks, other filters, not allocated
    };

    Kind kind = Kind::through_hdf5;
    std::uint64_t offset = 0;     ///< contiguous: bytes from the file's begin
    std::uint64_t chunk_rows = 0; ///< row_chunks only
    StoredForm form;              ///< how its rows travel
};

/// Finds out how a dataset is stored; everything whose place in the file is in doubt is left to HDF5.
StoredLayout find_layout(hid_t dataset, DatasetInfo const& info, ChunkLimits const& limits = {});

/// Whether a link has led from the file that was opened to a dataset of another.
bool is_in_other_file(hid_t dataset, hid_t opened);

} // namespace distinfer::io
