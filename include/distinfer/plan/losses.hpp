#pragma once

#include "distinfer/core/row_range.hpp"

#include <algorithm>
#include <vector>

namespace distinfer::plan
{

/// Which rows ranks were at work on when they died: rows that end rank after rank are not run for ever. Pure state.
class Losses
{
  public:
    /// So many ranks are lost with a row before the job is stopped.
    static constexpr int most = 3;

    /// @param earlier of earlier runs of the job
    explicit Losses(std::vector<RowRange> earlier = {}) : rows_(std::move(earlier)) {}

    /// A rank died at these rows. Whether too many have.
    bool add(RowRange rows)
    {
        rows_.push_back(rows);
        auto const meets = [&](auto const& other) { return other.begin < rows.end && rows.begin < other.end; };
        return std::ranges::count_if(rows_, meets) >= most;
    }

  private:
    std::vector<RowRange> rows_;
};

} // namespace distinfer::plan
