#include "distinfer/io/wire.hpp"

#include "distinfer/core/alignment.hpp"

namespace distinfer::io
{

std::uint64_t plain_wire_bytes(StoredForm const& form, RowRange rows)
{
    return on_boundary(row_bytes(form.spec) * rows.size());
}

std::uint64_t chunk_wire_bytes(std::span<WireChunk const> chunks)
{
    std::uint64_t bytes = chunks.size() * sizeof(WireChunk);
    for (auto const& chunk : chunks) bytes += chunk.bytes;
    return on_boundary(bytes);
}

} // namespace distinfer::io
