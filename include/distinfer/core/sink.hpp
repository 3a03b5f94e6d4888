#pragma once

#include "distinfer/core/row_range.hpp"

#include <cstddef>
#include <span>

namespace distinfer
{

/// Where output rows go. One thread stores, and one syncs.
class Sink
{
  public:
    virtual ~Sink() = default;

    /// Writes a window's outputs, laid out as PayloadLayout says, to their place.
    /// @throws OutputError naming file, dataset and rows
    virtual void store(RowRange rows, std::span<std::byte const> window) = 0;

    /// Makes durable what store() has written before. Another thread may store meanwhile. @throws OutputError
    virtual void sync() = 0;
};

} // namespace distinfer
