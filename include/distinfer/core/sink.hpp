#pragma once

#include "distinfer/core/row_range.hpp"

#include <cstddef>
#include <span>

namespace distinfer
{

/// Where output rows go. One thread calls it.
class Sink
{
  public:
    virtual ~Sink() = default;

    /// Writes a window's outputs, laid out as PayloadLayout says, to their place.
    /// @throws OutputError naming file, dataset and rows
    virtual void store(RowRange rows, std::span<std::byte const> window) = 0;
};

} // namespace distinfer
