#include "distinfer/plan/batch_grid.hpp"

#include "distinfer/core/check.hpp"

#include <algorithm>

namespace distinfer::plan
{

BatchGrid::BatchGrid(std::uint64_t rows, std::uint64_t batch_rows) : rows_(rows), batch_rows_(batch_rows)
{
    expects(batch_rows > 0, "a batch of at least one row");
}

std::uint64_t BatchGrid::batches() const noexcept
{
    return rows_ / batch_rows_ + (rows_ % batch_rows_ == 0 ? 0 : 1);
}

RowRange BatchGrid::batch(std::uint64_t index) const
{
    expects(index < batches(), "a batch of the grid");
    std::uint64_t const begin = index * batch_rows_;
    return {begin, begin + std::min(batch_rows_, rows_ - begin)};
}

std::vector<RowRange> whole_batches(BatchGrid const& grid, std::vector<RowRange> const& rows)
{
    std::vector<RowRange> whole;
    for (auto const& range : rows) {
        if (range.empty()) continue;
        auto const begin = grid.batch(range.begin / grid.batch_rows()).begin;
        auto const end = grid.batch((range.end - 1) / grid.batch_rows()).end;
        if (!whole.empty() && begin <= whole.back().end)
            whole.back().end = std::max(whole.back().end, end);
        else
            whole.push_back({begin, end});
    }
    return whole;
}

} // namespace distinfer::plan
