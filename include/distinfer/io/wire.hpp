#pragma once

#include "distinfer/core/row_range.hpp"
#include "distinfer/io/stored_form.hpp"

#include <cstdint>
#include <span>

namespace distinfer::io
{

/// What is written of a chunk in front of a window's chunks.
struct WireChunk
{
    std::uint64_t bytes = 0;     ///< as stored; the chunk's place in the window's bytes follows from those before it
    std::uint32_t skipped = 0;   ///< filters that were not applied to it
    std::uint32_t is_stored = 0; ///< 0: the file has no such chunk, it reads as the fill value
};

/// Bytes that a tensor's rows take on the wire where they are plain rows.
std::uint64_t plain_wire_bytes(StoredForm const& form, RowRange rows);

/// Bytes that a tensor's rows take on the wire in chunks: the table, then the chunks.
std::uint64_t chunk_wire_bytes(std::span<WireChunk const> chunks);

} // namespace distinfer::io
