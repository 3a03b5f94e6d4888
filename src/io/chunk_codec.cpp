#include "distinfer/io/chunk_codec.hpp"

#include "distinfer/core/buffer.hpp"
#include "distinfer/core/error.hpp"

#include <libdeflate.h>

#include <array>
#include <cstring>

namespace distinfer::io
{

namespace
{

using Bytes = std::span<std::byte const>;

struct FreeDecompressor
{
    void operator()(libdeflate_decompressor* decompressor) const noexcept
    {
        libdeflate_free_decompressor(decompressor);
    }
};

[[noreturn]] void fail(std::string const& why)
{
    throw InputError(why);
}

Bytes strip_checksum(Bytes stored)
{
    if (stored.size() < 4) fail("fletcher32: no room for the checksum");
    auto const data = stored.first(stored.size() - 4);
    std::uint32_t written = 0;
    std::memcpy(&written, stored.data() + data.size(), 4);
    auto const sum = fletcher32(data);
    // HDF5 before 1.6.3 swapped the bytes within each half on little-endian machines.
    std::uint32_t const swapped = ((sum & 0x00ff00ffU) << 8) | ((sum & 0xff00ff00U) >> 8);
    if (written != sum && written != swapped) fail("fletcher32: the checksum does not match");
    return data;
}

} // namespace

struct ChunkCodec::Scratch
{
    std::unique_ptr<libdeflate_decompressor, FreeDecompressor> decompressor{libdeflate_alloc_decompressor()};
    std::array<Buffer, 2> buffers; ///< a step reads one and writes the other
    std::size_t next = 0;

    std::span<std::byte> room(std::uint64_t bytes)
    {
        auto& buffer = buffers[next];
        next = 1 - next;
        buffer.resize(bytes);
        return buffer.span();
    }

    Bytes inflate(Bytes stored, std::uint64_t bytes)
    {
        auto const out = room(bytes);
        std::size_t written = 0;
        auto const result = libdeflate_zlib_decompress(decompressor.get(), stored.data(), stored.size(), out.data(),
                                                       out.size(), &written);
        if (result == LIBDEFLATE_BAD_DATA) fail("deflate: the data is broken");
        if (result == LIBDEFLATE_INSUFFICIENT_SPACE) fail("deflate: the data is longer than a chunk");
        return out.first(written);
    }

    Bytes expand(Bytes stored, std::uint64_t bytes)
    {
        auto const out = room(bytes);
        auto const written = expand_lzf(stored, out);
        if (written == 0) fail("lzf: the data is broken");
        return out.first(written);
    }

    Bytes gather(Bytes stored, std::uint32_t element_bytes)
    {
        auto const out = room(stored.size());
        unshuffle(stored, out, element_bytes);
        return out;
    }
};

ChunkCodec::ChunkCodec(std::vector<Filter> filters)
    : filters_(std::move(filters)), scratch_(std::make_unique<Scratch>())
{
    if (!scratch_->decompressor) throw std::bad_alloc{};
}

ChunkCodec::~ChunkCodec() = default;
ChunkCodec::ChunkCodec(ChunkCodec&&) noexcept = default;
ChunkCodec& ChunkCodec::operator=(ChunkCodec&&) noexcept = default;

std::span<std::byte const> ChunkCodec::decode(Bytes stored, std::uint32_t skipped, std::uint64_t bytes)
{
    // A checksum that was taken before a later filter makes what that filter gives longer than the chunk.
    constexpr std::uint64_t checksums = 32; // of eight such filters
    for (std::size_t i = filters_.size(); i-- > 0;) {
        if (i < 32 && (skipped >> i & 1U) != 0) continue;
        switch (filters_[i].kind) {
        case Filter::Kind::deflate:
            stored = scratch_->inflate(stored, bytes + checksums);
            break;
        case Filter::Kind::lzf:
            stored = scratch_->expand(stored, bytes + checksums);
            break;
        case Filter::Kind::shuffle:
            stored = scratch_->gather(stored, filters_[i].element_bytes);
            break;
        case Filter::Kind::fletcher32:
            stored = strip_checksum(stored);
            break;
        }
    }
    if (stored.size() != bytes)
        fail("it has " + std::to_string(stored.size()) + " bytes where a chunk has " + std::to_string(bytes));
    return stored;
}

} // namespace distinfer::io
