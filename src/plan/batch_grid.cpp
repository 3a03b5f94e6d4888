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

} // namespace distinfer::plan
