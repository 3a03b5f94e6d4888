#include "column.hpp"

#include "distinfer/core/error.hpp"
#include "distinfer/io/chunk_grid.hpp"
#include "hdf5_chunks.hpp"
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
std::vector<hsize_t> counts_of(TensorSpec const& spec, std::uint64_t rows)
{
    std::vector<hsize_t> counts{rows};
    for (auto const extent : spec.row_shape) counts.push_back(static_cast<hsize_t>(extent));
    return counts;
}

} // namespace

Column::Column(std::string file, std::string name, OpenDataset dataset, StoredLayout layout, int descriptor)
    : file_(std::move(file)),
      name_(std::move(name)),
      dataset_(std::move(dataset)),
      memory_type_(native_type(dataset_.info.spec.dtype)),
      descriptor_(descriptor),
      layout_(std::move(layout))
{}

std::string Column::problem(RowRange rows) const
{
    return "cannot read " + to_string(rows) + " of " + name();
}

std::vector<WireChunk> const& Column::chunks_of(RowRange rows)
{
    if (sized_rows_ == rows && !sized_.empty()) return sized_;
    ChunkGrid const grid{layout_.form};
    auto const numbers = grid.chunks_of(rows);
    sized_.clear();
    for (auto number = numbers.begin; number < numbers.end; ++number) {
        auto const bytes = chunk_bytes(dataset_.id.get(), grid.origin(number));
        sized_.push_back({.bytes = bytes, .is_stored = bytes > 0 ? 1U : 0U});
    }
    sized_rows_ = rows;
    return sized_;
}

std::uint64_t Column::wire_bytes(RowRange rows)
{
    if (layout_.kind == StoredLayout::Kind::chunks) return chunk_wire_bytes(chunks_of(rows));
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
    case StoredLayout::Kind::through_hdf5:
        fetch_through_hdf5(rows, plain);
        return;
    }
}

void Column::fetch_chunks(RowRange rows, std::span<std::byte> wire)
{
    ChunkGrid const grid{layout_.form};
    auto const first = grid.chunks_of(rows).begin;
    auto const& chunks = chunks_of(rows);
    auto bytes = wire.subspan(chunks.size() * sizeof(WireChunk));
    for (std::size_t i = 0; i < chunks.size(); ++i) {
        auto chunk = chunks[i];
        try {
            if (chunk.is_stored != 0)
                chunk.skipped = read_chunk(dataset_.id.get(), grid.origin(first + i), bytes.first(chunk.bytes));
        } catch (InputError const& error) {
            throw InputError(problem(rows), error.what(), "the file may be damaged: check it with h5dump");
        }
        std::memcpy(wire.data() + i * sizeof(WireChunk), &chunk, sizeof chunk);
        bytes = bytes.subspan(chunk.bytes);
    }
}

void Column::fetch_through_hdf5(RowRange rows, std::span<std::byte> wire)
{
    auto const counts = counts_of(dataset_.info.spec, rows.size());
    std::vector<hsize_t> start(counts.size(), 0);
    start.front() = rows.begin;
    auto const dataset = dataset_.id.get();
    auto const from = own<InputError>(H5Dget_space(dataset), problem(rows));
    auto const to =
        own<InputError>(H5Screate_simple(static_cast<int>(counts.size()), counts.data(), nullptr), problem(rows));
    succeeded<InputError>(
        H5Sselect_hyperslab(from.get(), H5S_SELECT_SET, start.data(), nullptr, counts.data(), nullptr), problem(rows));
    if (H5Dread(dataset, memory_type_.get(), to.get(), from.get(), H5P_DEFAULT, wire.data()) >= 0) return;
    auto const reason = last_reason();
    auto const filter = missing_filter(dataset);
    if (filter.empty())
        throw InputError(problem(rows), reason, "the file may be damaged: check it with h5dump or copy it again");
    throw InputError(problem(rows), filter + " is not available", filter_suggestion());
}

} // namespace distinfer::io
