#pragma once

#include "distinfer/core/buffer.hpp"
#include "distinfer/io/hdf5_source.hpp"
#include "distinfer/io/window_decoder.hpp"

#include <vector>

namespace distinfer::io
{

/// Rows of one tensor of a source, by the way of a window: fetched as they travel, and decoded.
inline std::vector<std::byte> decoded_rows(Hdf5Source& source, RowRange rows, std::size_t tensor = 0)
{
    Buffer wire{source.wire_bytes(rows)};
    source.fetch(rows, wire.span());
    Buffer window{source.layout().bytes(rows.size())};
    WindowDecoder decoder{{source.facts()}};
    decoder.decode(rows, wire.span(), window.span());
    auto const bytes = window.span().subspan(source.layout().offset(tensor, rows.size()),
                                             source.layout().row_bytes(tensor) * rows.size());
    return {bytes.begin(), bytes.end()};
}

} // namespace distinfer::io
