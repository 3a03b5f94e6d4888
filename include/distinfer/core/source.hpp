#pragma once

#include "distinfer/core/buffer.hpp"
#include "distinfer/core/payload_layout.hpp"
#include "distinfer/core/row_range.hpp"

namespace distinfer
{

/// Where input rows come from. One thread calls it.
class Source
{
  public:
    virtual ~Source() = default;

    /// Rows along axis 0, the same for every tensor.
    virtual std::uint64_t rows() const = 0;

    /// The tensors, in the order of the model's arguments, and where they lie in a fetched window.
    virtual PayloadLayout const& layout() const = 0;

    /// Reads the rows of every tensor into a buffer of layout().bytes(rows.size()) bytes.
    /// @throws InputError naming file, dataset and rows
    virtual void fetch(RowRange rows, std::span<std::byte> window) = 0;
};

} // namespace distinfer
