#include "column.hpp"

#include "chunk_cache.hpp"
#include "distinfer/core/error.hpp"
#include "distinfer/file/retries.hpp"
#include "hdf5_filters.hpp"
#include "hdf5_types.hpp"
#include "input_bytes.hpp"

#include <algorithm>
#include <cstring>

namespace distinfer::io
{

namespace
{

/// Counts of the rows of one dataset, from the rows' axis on.
std::vector<std::uint64_t> counts_of(TensorSpec const& spec, std::uint64_t rows)
{
    std::vector<std::uint64_t> counts{rows};
    for (auto const extent : spec.row_shape) counts.push_back(static_cast<std::uint64_t>(extent));
    return counts;
}

std::vector<WireChunk> table_of(std::vector<StoredChunk> const& chunks)
{
    std::vector<WireChunk> table;
    for (auto const& [piece, skipped] : chunks)
        table.push_back({.bytes = piece.bytes, .skipped = skipped, .is_stored = piece.bytes > 0 ? 1U : 0U});
    return table;
}

std::uint64_t bytes_of(std::span<StoredChunk const> chunks)
{
    std::uint64_t bytes = 0;
    for (auto const& chunk : chunks) bytes += chunk.piece.bytes;
    return bytes;
}

std::vector<FilePiece> pieces_of(std::span<StoredChunk const> chunks)
{
    std::vector<FilePiece> pieces;
    for (auto const& chunk : chunks) pieces.push_back(chunk.piece);
    return pieces;
}

} // namespace

Column::Column(std::string file, std::string name, OpenDataset dataset, StoredLayout layout, int descriptor)
    : file_(std::move(file)),
      name_(std::move(name)),
      dataset_(std::move(dataset)),
      memory_type_(native_type(dataset_.info.spec.dtype)),
      descriptor_(descriptor),
      layout_(std::move(layout))
{
    using Kind = StoredLayout::Kind;
    if (layout_.kind == Kind::chunks || layout_.kind == Kind::row_chunks) finder_.emplace(file_, name_);
    if (layout_.kind != Kind::chunks) cache_chunks(dataset_);
    // What a filter cannot shrink it makes a little larger.
    if (layout_.kind == Kind::chunks) most_stored_ = 2 * ChunkGrid{layout_.form}.chunk_bytes() + 4096;
}

std::string Column::problem(RowRange rows) const
{
    return "cannot read " + to_string(rows) + " of " + name();
}

StoredChunk Column::find_chunk(std::vector<std::uint64_t> const& origin, RowRange rows) const
{
    try {
        auto const chunk = finder_->find(origin);
        if (chunk.piece.bytes > most_stored_) throw InputError("a chunk takes more room in the file than in memory");
        return chunk;
    } catch (InputError const& error) {
        throw InputError(problem(rows), error.what(), "the file may be damaged: check it with h5dump");
    }
}

void Column::look_up_chunks() const
{
    constexpr std::uint64_t most = 20'000; // takes 0.1 s
    if (!finder_) return;
    auto form = layout_.form;
    if (!form.in_chunks()) form.chunk = counts_of(form.spec, layout_.chunk_rows);
    ChunkGrid const grid{form};
    auto const step = grid.chunks() / most + 1;
    for (std::uint64_t chunk = 0; chunk < grid.chunks(); chunk += step) {
        auto const origin = grid.origin(chunk);
        find_chunk(origin, {origin.front(), std::min(origin.front() + form.chunk.front(), form.rows)});
    }
}

std::vector<StoredChunk> const& Column::chunks_of(RowRange rows)
{
    if (found_rows_ == rows && !found_.empty()) return found_;
    ChunkGrid const grid{layout_.form};
    auto const numbers = grid.chunks_of(rows);
    found_.clear();
    for (auto number = numbers.begin; number < numbers.end; ++number)
        found_.push_back(find_chunk(grid.origin(number), rows));
    found_rows_ = rows;
    return found_;
}

std::uint64_t Column::wire_bytes(RowRange rows)
{
    if (layout_.kind == StoredLayout::Kind::chunks) return chunk_wire_bytes(table_of(chunks_of(rows)));
    return plain_wire_bytes(layout_.form, rows);
}

void Column::fetch(RowRange rows, std::span<std::byte> wire)
{
    auto const row = row_bytes(dataset_.info.spec);
    if (row == 0 || rows.empty()) return;
    auto const plain = wire.first(std::min<std::uint64_t>(wire.size(), row * rows.size()));
    switch (layout_.kind) {
    case StoredLayout::Kind::contiguous:
        read_bytes(descriptor_, layout_.offset + rows.begin * row, plain, problem(rows));
        return;
    case StoredLayout::Kind::chunks:
        fetch_chunks(rows, wire);
        return;
    case StoredLayout::Kind::row_chunks:
        if (!fetch_from_chunks(rows, plain)) fetch_through_hdf5(rows, plain);
        return;
    case StoredLayout::Kind::through_hdf5:
        fetch_through_hdf5(rows, plain);
        return;
    }
}

void Column::fetch_chunks(RowRange rows, std::span<std::byte> wire)
{
    auto const& chunks = chunks_of(rows);
    auto const table = table_of(chunks);
    std::memcpy(wire.data(), table.data(), table.size() * sizeof(WireChunk));
    ChunkGrid const grid{layout_.form};
    auto const all = wire.subspan(table.size() * sizeof(WireChunk));
    auto const kept = kept_.copy(grid.chunks_of(rows), all);
    auto const bytes = all.subspan(bytes_of(std::span{chunks}.first(kept)));
    read_pieces(pieces_of(std::span{chunks}.subspan(kept)), bytes, rows);
    keep_cut(grid, rows, all);
}

/// Keeps the last chunks of the window where it has cut them.
void Column::keep_cut(ChunkGrid const& grid, RowRange rows, std::span<std::byte const> bytes)
{
    if (rows.end % layout_.form.chunk.front() == 0 || rows.end == layout_.form.rows) return;
    auto const numbers = grid.chunks_of(rows);
    auto const last = grid.chunks_of({rows.end - 1, rows.end});
    std::span const chunks{found_};
    auto const before = bytes_of(chunks.first(last.begin - numbers.begin));
    kept_.keep(last, bytes.subspan(before, bytes_of(chunks) - before));
}

/// Reads rows out of chunks without filters. Whether it could: false where the file lacks one of the chunks.
bool Column::fetch_from_chunks(RowRange rows, std::span<std::byte> wire) const
{
    auto const row = row_bytes(dataset_.info.spec);
    std::vector<std::uint64_t> origin(dataset_.info.spec.row_shape.size() + 1, 0);
    std::vector<FilePiece> pieces;
    for (auto begin = rows.begin; begin < rows.end;) {
        origin.front() = begin / layout_.chunk_rows * layout_.chunk_rows;
        auto const end = std::min(rows.end, origin.front() + layout_.chunk_rows);
        auto const chunk = find_chunk(origin, rows).piece;
        if (chunk.bytes != layout_.chunk_rows * row) return false;
        pieces.push_back({chunk.offset + (begin - origin.front()) * row, (end - begin) * row});
        begin = end;
    }
    read_pieces(pieces, wire, rows);
    return true;
}

void Column::fetch_through_hdf5(RowRange rows, std::span<std::byte> wire)
{
    auto const extents = counts_of(dataset_.info.spec, rows.size());
    std::vector<hsize_t> const counts(extents.begin(), extents.end());
    std::vector<hsize_t> start(counts.size(), 0);
    start.front() = rows.begin;
    auto const dataset = dataset_.id.get();
    auto const from = own<InputError>(H5Dget_space(dataset), problem(rows));
    auto const to =
        own<InputError>(H5Screate_simple(static_cast<int>(counts.size()), counts.data(), nullptr), problem(rows));
    succeeded<InputError>(
        H5Sselect_hyperslab(from.get(), H5S_SELECT_SET, start.data(), nullptr, counts.data(), nullptr), problem(rows));
    file::Retries again{file::Retries::Of::reading, problem(rows)};
    do {
        if (H5Dread(dataset, memory_type_.get(), to.get(), from.get(), H5P_DEFAULT, wire.data()) >= 0) return;
    } while (again(last_system_error()));
    fail_to_read(rows);
}

void Column::fail_to_read(RowRange rows) const
{
    auto const dataset = dataset_.id.get();
    auto const reason = last_reason();
    auto const filter = missing_filter(dataset);
    auto const suggestion = last_suggestion();
    if (!suggestion.empty()) throw InputError(problem(rows), reason, suggestion);
    if (filter.empty())
        throw InputError(problem(rows), reason, "the file may be damaged: check it with h5dump or copy it again");
    throw InputError(problem(rows), filter + " is not available", filter_suggestion());
}

void Column::read_pieces(std::span<FilePiece const> pieces, std::span<std::byte> bytes, RowRange rows) const
{
    for (auto const& piece : joined(pieces)) {
        read_bytes(descriptor_, piece.offset, bytes.first(piece.bytes), problem(rows));
        bytes = bytes.subspan(piece.bytes);
    }
}

} // namespace distinfer::io
