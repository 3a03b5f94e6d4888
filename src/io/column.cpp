#include "column.hpp"

#include "byte_order.hpp"
#include "distinfer/core/error.hpp"
#include "fully.hpp"
#include "hdf5_chunks.hpp"
#include "hdf5_filters.hpp"
#include "hdf5_types.hpp"

#include <algorithm>
#include <cstring>
#include <unistd.h>

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

void repeat(std::span<std::byte> to, std::span<std::byte const> element)
{
    for (std::size_t at = 0; at < to.size(); ++at)
        to[at] = element.empty() ? std::byte{0} : element[at % element.size()];
}

} // namespace

Column::Column(std::string file, std::string name, OpenDataset dataset, int descriptor)
    : file_(std::move(file)),
      name_(std::move(name)),
      dataset_(std::move(dataset)),
      memory_type_(native_type(dataset_.info.spec.dtype)),
      descriptor_(descriptor),
      layout_(find_layout(dataset_.id.get(), dataset_.info, descriptor))
{}

StoredForm Column::form() const
{
    auto form = layout_.form;
    if (layout_.rows_in_chunks) {
        form.chunk.clear();
        form.fill.clear();
    }
    return form;
}

std::string Column::problem(RowRange rows) const
{
    return "cannot read " + to_string(rows) + " of " + name();
}

std::vector<Column::Located> const& Column::locate(RowRange rows)
{
    if (located_rows_ == rows && !located_.empty()) return located_;
    ChunkGrid const grid{layout_.form};
    auto const numbers = grid.chunks_of(rows);
    located_.clear();
    for (auto number = numbers.begin; number < numbers.end; ++number) {
        auto const chunk = find_chunk(dataset_.id.get(), grid.origin(number));
        located_.push_back(chunk ? Located{{chunk->bytes, chunk->skipped, 1}, chunk->address + layout_.chunk_shift}
                                 : Located{});
    }
    located_rows_ = rows;
    return located_;
}

std::uint64_t Column::wire_bytes(RowRange rows)
{
    if (layout_.kind != StoredLayout::Kind::chunks || layout_.rows_in_chunks)
        return plain_wire_bytes(layout_.form, rows);
    std::vector<WireChunk> chunks;
    for (auto const& located : locate(rows)) chunks.push_back(located.wire);
    return chunk_wire_bytes(chunks);
}

void Column::fetch(RowRange rows, std::span<std::byte> wire)
{
    auto const row = row_bytes(dataset_.info.spec);
    if (row == 0 || rows.empty()) return;
    auto const plain = wire.first(std::min<std::uint64_t>(wire.size(), row * rows.size()));
    switch (layout_.kind) {
    case StoredLayout::Kind::contiguous:
        read_bytes(layout_.offset + rows.begin * row, plain, rows);
        return;
    case StoredLayout::Kind::chunks:
        if (layout_.rows_in_chunks)
            fetch_rows_of_chunks(rows, plain);
        else
            fetch_chunks(rows, wire);
        return;
    case StoredLayout::Kind::through_hdf5:
        fetch_through_hdf5(rows, plain);
        return;
    }
}

void Column::fetch_chunks(RowRange rows, std::span<std::byte> wire)
{
    auto const& chunks = locate(rows);
    auto bytes = wire.subspan(chunks.size() * sizeof(WireChunk));
    for (std::size_t i = 0; i < chunks.size(); ++i) {
        std::memcpy(wire.data() + i * sizeof(WireChunk), &chunks[i].wire, sizeof(WireChunk));
        if (chunks[i].wire.is_stored != 0) read_bytes(chunks[i].offset, bytes.first(chunks[i].wire.bytes), rows);
        bytes = bytes.subspan(chunks[i].wire.bytes);
    }
}

void Column::fetch_rows_of_chunks(RowRange rows, std::span<std::byte> wire)
{
    auto const row = row_bytes(dataset_.info.spec);
    auto const chunk_rows = layout_.form.chunk.front();
    auto const& chunks = locate(rows);
    std::uint64_t begin = rows.begin;
    for (auto const& chunk : chunks) {
        auto const within = begin % chunk_rows;
        auto const count = std::min(chunk_rows - within, rows.end - begin);
        auto const part = wire.subspan((begin - rows.begin) * row, count * row);
        if (chunk.wire.is_stored != 0)
            read_bytes(chunk.offset + within * row, part, rows);
        else
            repeat(part, layout_.form.fill);
        begin += count;
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

void Column::read_bytes(std::uint64_t offset, std::span<std::byte> bytes, RowRange rows) const
{
    auto const got = read_fully(bytes, offset, [&](auto... where) { return ::pread(descriptor_, where...); });
    if (got < 0) throw InputError(problem(rows), std::strerror(static_cast<int>(-got)), "see that the disk is well");
    if (std::cmp_less(got, bytes.size()))
        throw InputError(problem(rows), "the file ends before them", "it is cut short or damaged: copy it again");
}

} // namespace distinfer::io
