#include "distinfer/io/window_decoder.hpp"

#include "byte_order.hpp"
#include "distinfer/core/buffer.hpp"
#include "distinfer/core/check.hpp"
#include "distinfer/core/error.hpp"

#include <algorithm>
#include <cstring>

namespace distinfer::io
{

namespace
{

PayloadLayout layout_of(std::vector<StoredForm> const& forms)
{
    std::vector<TensorSpec> specs;
    for (auto const& form : forms) specs.push_back(form.spec);
    return PayloadLayout{std::move(specs)};
}

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
    std::memcpy(table.data(), bytes.data(), bytes.size());
    return table;
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

WindowDecoder::WindowDecoder(std::vector<StoredForm> forms, std::vector<std::string> names)
    : forms_(std::move(forms)), names_(std::move(names)), layout_(layout_of(forms_))
{}

bool WindowDecoder::needed() const
{
    return !std::ranges::all_of(forms_, [](StoredForm const& form) { return form.plain(); });
}

std::unique_ptr<WindowDecoder::Codecs> WindowDecoder::borrow_codecs()
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
    for (auto const& form : forms_) codecs->emplace_back(form.filters);
    return codecs;
}

void WindowDecoder::decode(RowRange rows, std::span<std::byte const> wire, std::span<std::byte> window)
{
    auto codecs = borrow_codecs();
    for (std::size_t i = 0; i < forms_.size(); ++i) {
        auto const part = window.subspan(layout_.offset(i, rows.size()), layout_.row_bytes(i) * rows.size());
        decode_tensor(i, rows, wire, part, (*codecs)[i]);
    }
    std::lock_guard const lock{mutex_};
    idle_.push_back(std::move(codecs));
}

void WindowDecoder::decode_tensor(std::size_t tensor, RowRange rows, std::span<std::byte const>& wire,
                                  std::span<std::byte> window, ChunkCodec& codec) const
{
    auto const& form = forms_[tensor];
    if (form.in_chunks()) {
        decode_chunks(tensor, rows, wire, window, codec);
    } else {
        auto const plain = take(wire, plain_wire_bytes(form, rows));
        std::copy_n(plain.begin(), window.size(), window.begin());
    }
    if (form.swapped) swap_bytes(window, element_bytes(form.spec.dtype));
    if (form.spec.dtype == DType::boolean) make_booleans(window);
}

void WindowDecoder::decode_chunks(std::size_t tensor, RowRange rows, std::span<std::byte const>& wire,
                                  std::span<std::byte> window, ChunkCodec& codec) const
{
    ChunkGrid const grid{forms_[tensor]};
    auto const numbers = grid.chunks_of(rows);
    auto const before = wire.size();
    auto const table = take_table(wire, numbers.size());
    auto const absent = absent_chunk(forms_[tensor], grid, table);
    try {
        for (std::size_t i = 0; i < table.size(); ++i) {
            auto const stored = take(wire, table[i].bytes);
            auto const chunk =
                table[i].is_stored != 0 ? codec.decode(stored, table[i].skipped, grid.chunk_bytes()) : absent.span();
            grid.place(numbers.begin + i, chunk, rows, window);
        }
    } catch (InputError const& error) {
        throw InputError("cannot read " + to_string(rows) + " of " + names_[tensor], error.what(),
                         "the file is damaged: copy it again, or check it with h5dump");
    }
    auto const taken = before - wire.size();
    take(wire, on_boundary(taken) - taken);
}

} // namespace distinfer::io
