#pragma once

#include "distinfer/core/decoder.hpp"
#include "distinfer/core/payload_layout.hpp"
#include "distinfer/io/chunk_codec.hpp"
#include "distinfer/io/wire.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace distinfer::io
{

/// Decodes windows of one source on any rank, without HDF5: chunks are put in their place, bytes in their order.
class WindowDecoder : public Decoder
{
  public:
    /// @param forms of the source's tensors, in order
    /// @param names of the datasets, for messages
    WindowDecoder(std::vector<StoredForm> forms, std::vector<std::string> names);

    bool needed() const override;
    void decode(RowRange rows, std::span<std::byte const> wire, std::span<std::byte> window) override;

  private:
    using Codecs = std::vector<ChunkCodec>; ///< one for each tensor

    std::unique_ptr<Codecs> borrow_codecs();
    void decode_tensor(std::size_t tensor, RowRange rows, std::span<std::byte const>& wire, std::span<std::byte> window,
                       ChunkCodec& codec) const;
    void decode_chunks(std::size_t tensor, RowRange rows, std::span<std::byte const>& wire, std::span<std::byte> window,
                       ChunkCodec& codec) const;

    std::vector<StoredForm> forms_;
    std::vector<std::string> names_;
    PayloadLayout layout_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Codecs>> idle_; ///< scratch memory that no thread uses now
};

} // namespace distinfer::io
