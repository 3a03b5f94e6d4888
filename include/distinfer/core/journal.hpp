#pragma once

#include "distinfer/core/bad_row.hpp"
#include "distinfer/core/row_range.hpp"

#include <span>

namespace distinfer
{

/// Where root records which rows are durable. Thread-safe.
class Journal
{
  public:
    virtual ~Journal() = default;

    /// Records rows, durably. @pre they are durable in the sink
    /// @param bad those of the rows that hold the fill value
    /// @throws OutputError where that fails, InputError where the input is not what it was, ModelError where more rows
    /// are bad than a job goes on with
    virtual void record(std::span<RowRange const> rows, std::span<BadRow const> bad) = 0;

    /// Notes that a rank died while it was at work on these rows. @throws OutputError
    virtual void note_loss(RowRange rows) = 0;
};

} // namespace distinfer
