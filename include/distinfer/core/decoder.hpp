#pragma once

#include "distinfer/core/row_range.hpp"

#include <cstddef>
#include <span>

namespace distinfer
{

/// Turns a window as it travelled into the rows that a model is given. Several threads may call it at once.
class Decoder
{
  public:
    virtual ~Decoder() = default;

    /// Whether anything has to be done: where not, windows travel as PayloadLayout lays them out, and decode() copies.
    virtual bool needed() const = 0;

    /// @param wire what Source::fetch gave
    /// @param window room for the rows, as PayloadLayout lays them out
    /// @throws InputError naming file, dataset and rows
    virtual void decode(RowRange rows, std::span<std::byte const> wire, std::span<std::byte> window) = 0;
};

} // namespace distinfer
