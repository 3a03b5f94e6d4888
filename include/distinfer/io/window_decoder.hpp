#pragma once

#include "distinfer/core/decoder.hpp"
#include "distinfer/core/payload_layout.hpp"
#include "distinfer/io/chunk_codec.hpp"
#include "distinfer/io/file_rows.hpp"
#include "distinfer/io/wire.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace distinfer::io
{

/// Decodes rows of one file on any rank, without HDF5: chunks are put in their place, bytes in their order. Several
/// threads may call it at once.
class FileDecoder
{
  public:
    explicit FileDecoder(FileFacts facts);

    /// Decodes rows into a window, or a part of one.
    /// @param wire what FileSource::fetch gave
    /// @param first row of the window where they go
    /// @param window `window_rows` rows, as PayloadLayout lays them out
    /// @returns what is left of wire behind them
    /// @throws InputError naming file, dataset and rows
    std::span<std::byte const> decode(RowRange rows, std::span<std::byte const> wire, std::uint64_t first,
                                      std::uint64_t window_rows, std::span<std::byte> window);

  private:
    using Codecs = std::vector<ChunkCodec>; ///< one for each tensor

    std::unique_ptr<Codecs> borrow_codecs();
    void decode_tensor(std::size_t tensor, RowRange rows, std::span<std::byte const>& wire, std::span<std::byte> to,
                       ChunkCodec& codec) const;
    void decode_chunks(std::size_t tensor, RowRange rows, std::span<std::byte const>& wire, std::span<std::byte> to,
                       ChunkCodec& codec) const;

    FileFacts facts_;
    PayloadLayout layout_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Codecs>> idle_; ///< scratch memory that no thread uses now
};

/// Decodes windows of files that are joined along axis 0; a window may cross files.
class WindowDecoder : public Decoder
{
  public:
    explicit WindowDecoder(std::vector<FileFacts> files);

    bool needed() const override { return needed_; }
    void decode(RowRange rows, std::span<std::byte const> wire, std::span<std::byte> window) override;

  private:
    FileRows rows_;
    bool needed_;
    std::vector<std::unique_ptr<FileDecoder>> files_;
};

} // namespace distinfer::io
