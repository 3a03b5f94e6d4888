#pragma once

#include "distinfer/core/buffer.hpp"
#include "distinfer/io/file_source.hpp"
#include "distinfer/io/joined_source.hpp"
#include "distinfer/io/window_decoder.hpp"

#include <vector>

namespace distinfer::io
{

/// Rows of one tensor out of a window that lies as PayloadLayout says.
inline std::vector<std::byte> rows_in(Buffer const& window, PayloadLayout const& layout, RowRange rows,
                                      std::size_t tensor)
{
    auto const bytes =
        window.span().subspan(layout.offset(tensor, rows.size()), layout.row_bytes(tensor) * rows.size());
    return {bytes.begin(), bytes.end()};
}

/// Rows of one tensor of a source, by the way of a window: fetched as they travel, and decoded.
inline std::vector<std::byte> decoded_rows(FileSource& source, RowRange rows, std::size_t tensor = 0)
{
    Buffer wire{source.wire_bytes(rows)};
    source.fetch(rows, wire.span());
    Buffer window{source.layout().bytes(rows.size())};
    WindowDecoder decoder{{source.facts()}};
    decoder.decode(rows, wire.span(), window.span());
    return rows_in(window, source.layout(), rows, tensor);
}

/// The same of joined files, decoded only where that is needed, as a rank does it.
inline std::vector<std::byte> decoded_rows(JoinedSource& source, RowRange rows, std::size_t tensor = 0)
{
    Buffer wire{source.wire_bytes(rows)};
    source.fetch(rows, wire.span());
    WindowDecoder decoder{source.facts()};
    if (!decoder.needed()) return rows_in(wire, source.layout(), rows, tensor);
    Buffer window{source.layout().bytes(rows.size())};
    decoder.decode(rows, wire.span(), window.span());
    return rows_in(window, source.layout(), rows, tensor);
}

} // namespace distinfer::io
