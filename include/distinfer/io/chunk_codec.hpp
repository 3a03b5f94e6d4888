#pragma once

#include "distinfer/io/stored_form.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace distinfer::io
{

/// Undoes a dataset's filters, chunk by chunk. Keeps its scratch memory; one thread at a time.
class ChunkCodec
{
  public:
    explicit ChunkCodec(std::vector<Filter> filters);
    ~ChunkCodec();
    ChunkCodec(ChunkCodec const&) = delete;
    ChunkCodec& operator=(ChunkCodec const&) = delete;
    ChunkCodec(ChunkCodec&&) noexcept;
    ChunkCodec& operator=(ChunkCodec&&) noexcept;

    /// The chunk as it was before it was filtered; valid until the next call.
    /// @param stored the bytes in the file
    /// @param skipped bit i is set where filter i was not applied to this chunk
    /// @param bytes of the chunk when it is decoded
    /// @throws InputError that says which filter failed, and how
    std::span<std::byte const> decode(std::span<std::byte const> stored, std::uint32_t skipped, std::uint64_t bytes);

  private:
    struct Scratch;

    std::vector<Filter> filters_;
    std::unique_ptr<Scratch> scratch_;
};

/// Gathers the bytes of each element that the shuffle filter spread over planes; what is left over at the end stays.
void unshuffle(std::span<std::byte const> from, std::span<std::byte> to, std::uint64_t element_bytes);

/// Expands LZF data, as h5py's filter writes it. @returns bytes written, or 0 where the data is broken or too long
std::size_t expand_lzf(std::span<std::byte const> from, std::span<std::byte> to);

/// HDF5's checksum of a chunk: Fletcher's over big-endian 16-bit words.
std::uint32_t fletcher32(std::span<std::byte const> bytes);

} // namespace distinfer::io
