#pragma once

#include "distinfer/core/payload_layout.hpp"
#include "distinfer/core/row_range.hpp"

#include <cstddef>
#include <span>

namespace distinfer
{

/// Where input rows come from. One thread calls it.
class Source
{
  public:
    virtual ~Source() = default;

    /// Rows along axis 0, the same for every tensor.
    virtual std::uint64_t rows() const = 0;

    /// The tensors, in the order of the model's arguments, and where they lie in a decoded window.
    virtual PayloadLayout const& layout() const = 0;

    /// Bytes that the rows take on their way, in the form that the source's Decoder knows.
    /// @throws InputError naming file, dataset and rows
    virtual std::uint64_t wire_bytes(RowRange rows) = 0;

    /// Reads the rows of every tensor, in that form, into a buffer of wire_bytes(rows) bytes.
    /// @throws InputError naming file, dataset and rows
    virtual void fetch(RowRange rows, std::span<std::byte> wire) = 0;
};

} // namespace distinfer
