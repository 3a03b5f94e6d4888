#pragma once

#include "distinfer/core/buffer.hpp"
#include "distinfer/core/row_range.hpp"

#include <algorithm>
#include <span>

namespace distinfer::io
{

/// The stored chunks that a window has cut, kept for the next one: neighbours read each chunk once. One thread.
class KeptChunks
{
  public:
    /// Keeps chunks. @param bytes of all of them, in order, as stored
    void keep(RowRange chunks, std::span<std::byte const> bytes)
    {
        if (chunks_ == chunks) return;
        bytes_.resize(bytes.size());
        std::ranges::copy(bytes, bytes_.data());
        chunks_ = chunks;
    }

    /// Copies the kept chunks where they are the first of those that are wanted.
    /// @returns how many they are: all that are kept, or none
    std::size_t copy(RowRange wanted, std::span<std::byte> to) const
    {
        if (chunks_.empty() || chunks_.begin != wanted.begin || chunks_.end > wanted.end) return 0;
        std::ranges::copy(bytes_.span(), to.data());
        return chunks_.size();
    }

  private:
    RowRange chunks_; ///< their numbers
    Buffer bytes_;
};

} // namespace distinfer::io
