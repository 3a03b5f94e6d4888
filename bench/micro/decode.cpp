#include "data.hpp"
#include "distinfer/core/buffer.hpp"
#include "distinfer/io/hdf5_source.hpp"
#include "distinfer/io/window_decoder.hpp"
#include "lzf.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>
#include <stdexcept>

namespace distinfer::bench
{

namespace
{

using Bytes = std::vector<std::byte>;

constexpr std::uint64_t chunk_bytes = chunk_rows * row_bytes;

/// A window as it travels.
struct Wire
{
    io::FileFacts facts;
    Buffer bytes;
};

/// Of a file that HDF5 has made.
Wire fetched(Settings const& settings, TensorSpec const& spec, Bytes const& rows, test::StoredAs const& stored)
{
    MadeFile const file{settings, spec, rows, stored};
    io::Hdf5Source source{file.path(), {"/x"}};
    RowRange const all{0, source.rows()};
    Wire wire{source.facts(), Buffer{source.wire_bytes(all)}};
    source.fetch(all, wire.bytes.span());
    return wire;
}

/// Of chunks that are made here.
/// @param skipped whether their filter was not applied
Wire assembled(TensorSpec const& spec, io::Filter filter, std::vector<Bytes> const& chunks, bool skipped)
{
    io::StoredForm const form{.spec = spec,
                              .rows = chunks.size() * chunk_rows,
                              .chunk = {chunk_rows, static_cast<std::uint64_t>(spec.row_shape[0]),
                                        static_cast<std::uint64_t>(spec.row_shape[1])},
                              .filters = {filter}};
    std::vector<io::WireChunk> table;
    for (auto const& chunk : chunks)
        table.push_back({.bytes = chunk.size(), .skipped = skipped ? 1U : 0U, .is_stored = 1});
    Wire wire{{.rows = form.rows, .forms = {form}, .names = {"/x"}}, Buffer{io::chunk_wire_bytes(table)}};
    auto* to = wire.bytes.data();
    std::memcpy(to, table.data(), table.size() * sizeof(io::WireChunk));
    to += table.size() * sizeof(io::WireChunk);
    for (auto const& chunk : chunks) to = std::ranges::copy(chunk, to).out;
    return wire;
}

std::vector<Bytes> cut(Bytes const& rows)
{
    std::vector<Bytes> chunks;
    for (auto at = rows.begin(); at != rows.end(); at += chunk_bytes) chunks.emplace_back(at, at + chunk_bytes);
    return chunks;
}

std::vector<Bytes> in_lzf(std::vector<Bytes> chunks)
{
    for (auto& chunk : chunks) chunk = compress_lzf(chunk);
    return chunks;
}

/// Window after window through the decoder, and what is held against it.
struct Decoding
{
    Decoding(Wire travelled, Bytes const& expected)
        : wire(std::move(travelled)), rows(expected.size()), window(rows.size()), decoder({wire.facts})
    {
        std::ranges::copy(expected, rows.data());
        decode();
        // A decoder that gets it wrong is not worth timing.
        if (!std::ranges::equal(window.span(), expected))
            throw std::runtime_error("a window was not decoded as it was");
    }

    std::uint64_t decode()
    {
        decoder.decode({0, wire.facts.rows}, wire.bytes.span(), window.span());
        return rows.size();
    }

    std::uint64_t copy()
    {
        std::memcpy(window.data(), rows.data(), rows.size());
        return rows.size();
    }

    /// The streams alone, each to where the last one went.
    std::uint64_t inflate()
    {
        auto const* table = reinterpret_cast<io::WireChunk const*>(wire.bytes.data());
        auto const chunks = rows.size() / chunk_bytes;
        auto const* stream = wire.bytes.data() + chunks * sizeof(io::WireChunk);
        for (std::size_t i = 0; i < chunks; stream += table[i++].bytes) {
            if (libdeflate_zlib_decompress(inflater.get(), stream, table[i].bytes, window.data(), chunk_bytes,
                                           nullptr) != LIBDEFLATE_SUCCESS)
                throw std::runtime_error("libdeflate failed");
        }
        return rows.size();
    }

    Wire wire;
    Buffer rows; ///< decoded, on the boundary on which windows lie
    Buffer window;
    io::WindowDecoder decoder;
    std::shared_ptr<libdeflate_decompressor> inflater{libdeflate_alloc_decompressor(), libdeflate_free_decompressor};
};

using Make = std::function<std::unique_ptr<Decoding>()>;

void add_beside_copy(std::string const& form, Make const& make)
{
    auto const decoding = once<Decoding>(make);
    add("decode: " + form, "dist-infer", [=](std::uint64_t) { return decoding().decode(); });
    add("decode: " + form, "memcpy", [=](std::uint64_t) { return decoding().copy(); });
}

void add_beside_inflate(std::string const& form, Make const& make)
{
    auto const decoding = once<Decoding>(make);
    add("decode: " + form, "dist-infer", [=](std::uint64_t) { return decoding().decode(); });
    add("decode: " + form, "libdeflate alone", [=](std::uint64_t) { return decoding().inflate(); });
}

} // namespace

void add_decode(Settings const& settings)
{
    auto const of_numbers = [=](test::StoredAs const& stored) -> Make {
        return [=] {
            auto rows = numbers(settings.window_bytes);
            return std::make_unique<Decoding>(fetched(settings, numbers_spec(), rows, stored), rows);
        };
    };
    auto const of_counts = [=](test::StoredAs const& stored) -> Make {
        return [=] {
            auto rows = counts(settings.window_bytes);
            return std::make_unique<Decoding>(fetched(settings, counts_spec(), rows, stored), rows);
        };
    };
    auto const of_chunks = [=](io::Filter::Kind filter, auto const& stored, bool skipped) -> Make {
        return [=] {
            auto rows = counts(settings.window_bytes);
            return std::make_unique<Decoding>(assembled(counts_spec(), {filter}, stored(cut(rows)), skipped), rows);
        };
    };
    auto const as_they_are = [](std::vector<Bytes> chunks) { return chunks; };
    add_beside_copy("rows as they are", of_numbers({}));
    add_beside_copy("big-endian float32", of_numbers({.big_endian = true}));
    add_beside_copy("chunks whose filter was skipped", of_chunks(io::Filter::Kind::deflate, as_they_are, true));
    add_beside_inflate("gzip 4", of_counts({.chunk = {chunk_rows, 64, 64}, .deflate = 4}));
    add_beside_inflate("shuffle of float32 and gzip 4",
                       of_numbers({.chunk = {chunk_rows, 32, 32}, .deflate = 4, .shuffle = true}));
    add_beside_copy("fletcher32", of_counts({.chunk = {chunk_rows, 64, 64}, .fletcher32 = true}));
    add_beside_copy("lzf", of_chunks(io::Filter::Kind::lzf, in_lzf, false));
}

} // namespace distinfer::bench
