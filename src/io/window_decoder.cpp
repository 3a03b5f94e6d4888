#include "distinfer/io/window_decoder.hpp"

#include "byte_order.hpp"
#include "distinfer/core/alignment.hpp"
#include "distinfer/core/buffer.hpp"
#include "distinfer/core/check.hpp"
#include "distinfer/core/error.hpp"
#include "distinfer/io/chunk_grid.hpp"

#include <algorithm>
#include <cstring>

namespace distinfer::io
{

namespace
{

std::span<std::byte const> take(std::span<std::byte const>& bytes, std::uint64_t count)
{
    expects(count <= bytes.size(), "a window that is as long as its tables say");
    auto const taken = bytes.first(count);
    bytes = bytes.subspan(count);
    return taken;
}

void fill(std::span<std::byte> to, std::span<std::byte const> element)
{
    if (element.empty()) {
        std::ranges::fill(to, std::byte{0});
        return;
    }
    for (std::size_t at = 0; at + element.size() <= to.size(); at += element.size())
        std::copy(element.begin(), element.end(), to.begin() + static_cast<std::ptrdiff_t>(at));
}

std::vector<WireChunk> take_table(std::span<std::byte const>& wire, std::uint64_t chunks)
{
    std::vector<WireChunk> table(chunks);
    auto const bytes = take(wire, chunks * sizeof(WireChunk));
    std::ranges::copy(bytes, std::as_writable_bytes(std::span{table}).begin());
    return table;
}

/// Elements as they are stored become elements as the machine has them.
void to_machine_form(StoredForm const& form, std::span<std::byte> elements)
{
    if (form.swapped) swap_bytes(elements, element_bytes(form.spec.dtype));
    if (form.spec.dtype == DType::boolean) make_booleans(elements);
}

/// Block by block, so that the second look at the bytes finds them in the processor's cache.
void copy_rows(StoredForm const& form, std::span<std::byte const> from, std::span<std::byte> to)
{
    constexpr std::size_t block = std::size_t{16} << 10U;
    for (std::size_t at = 0; at < to.size(); at += block) {
        auto const some = to.subspan(at, std::min(block, to.size() - at));
        std::memcpy(some.data(), from.data() + at, some.size());
        to_machine_form(form, some);
    }
}

/// What stands for the chunks that the file does not hold; empty where it holds all.
Buffer absent_chunk(StoredForm const& form, ChunkGrid const& grid, std::vector<WireChunk> const& table)
{
    Buffer chunk;
    if (std::ranges::all_of(table, [](WireChunk const& entry) { return entry.is_stored != 0; })) return chunk;
    chunk.resize(grid.chunk_bytes());
    fill(chunk.span(), form.fill);
    return chunk;
}

} // namespace

FileDecoder::FileDecoder(FileFacts facts) : facts_(std::move(facts)), layout_(facts_.specs()) {}

std::unique_ptr<FileDecoder::Codecs> FileDecoder::borrow_codecs()
{
    {
        std::lock_guard const lock{mutex_};
        if (!idle_.empty()) {
            auto codecs = std::move(idle_.back());
            idle_.pop_back();
            return codecs;
        }
    }
    auto codecs = std::make_unique<Codecs>();
    for (auto const& form : facts_.forms) codecs->emplace_back(form.filters);
    return codecs;
}

std::span<std::byte const> FileDecoder::decode(RowRange rows, std::span<std::byte const> wire, std::uint64_t first,
                                               std::uint64_t window_rows, std::span<std::byte> window)
{
    auto codecs = borrow_codecs();
    for (std::size_t i = 0; i < layout_.tensors(); ++i) {
        auto const row = layout_.row_bytes(i);
        decode_tensor(i, rows, wire, window.subspan(layout_.offset(i, window_rows) + first * row, rows.size() * row),
                      (*codecs)[i]);
    }
    std::lock_guard const lock{mutex_};
    idle_.push_back(std::move(codecs));
    return wire;
}

void FileDecoder::decode_tensor(std::size_t tensor, RowRange rows, std::span<std::byte const>& wire,
                                std::span<std::byte> to, ChunkCodec& codec) const
{
    auto const& form = facts_.forms[tensor];
    if (form.in_chunks()) {
        decode_chunks(tensor, rows, wire, to, codec);
        to_machine_form(form, to);
    } else {
        copy_rows(form, take(wire, plain_wire_bytes(form, rows)), to);
    }
}

void FileDecoder::decode_chunks(std::size_t tensor, RowRange rows, std::span<std::byte const>& wire,
                                std::span<std::byte> to, ChunkCodec& codec) const
{
    ChunkGrid const grid{facts_.forms[tensor]};
    auto const numbers = grid.chunks_of(rows);
    auto const before = wire.size();
    auto const table = take_table(wire, numbers.size());
    auto const absent = absent_chunk(facts_.forms[tensor], grid, table);
    try {
        for (std::size_t i = 0; i < table.size(); ++i) {
            auto const stored = take(wire, table[i].bytes);
            auto const chunk =
                table[i].is_stored != 0 ? codec.decode(stored, table[i].skipped, grid.chunk_bytes()) : absent.span();
            grid.place(numbers.begin + i, chunk, rows, to);
        }
    } catch (InputError const& error) {
        throw InputError("cannot read " + to_string(rows) + " of " + facts_.names[tensor], error.what(),
                         "the file is damaged: copy it again, or check it with h5dump");
    }
    auto const taken = before - wire.size();
    take(wire, on_boundary(taken) - taken);
}

WindowDecoder::WindowDecoder(std::vector<FileFacts> files)
    : rows_(files), needed_(!std::ranges::all_of(files, [](FileFacts const& file) { return file.plain(); }))
{
    for (auto& file : files) files_.push_back(std::make_unique<FileDecoder>(std::move(file)));
}

void WindowDecoder::decode(RowRange rows, std::span<std::byte const> wire, std::span<std::byte> window)
{
    // Such a window is laid out as a whole; what has to be decoded comes file by file.
    if (!needed_) {
        std::ranges::copy(take(wire, window.size()), window.begin());
        return;
    }
    for (auto const& part : rows_.cut(rows))
        wire = files_[part.file]->decode(part.rows, wire, part.first, rows.size(), window);
}

} // namespace distinfer::io
