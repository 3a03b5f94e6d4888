#include "distinfer/plan/window_plan.hpp"

#include "distinfer/core/check.hpp"
#include "distinfer/core/narrow.hpp"

#include <algorithm>
#include <numeric>

namespace distinfer::plan
{

WindowPlan::WindowPlan(BatchGrid grid, std::uint64_t batches_per_window)
    : grid_(grid), batches_per_window_(batches_per_window)
{
    expects(batches_per_window > 0, "a window of at least one batch");
}

std::uint64_t WindowPlan::windows() const noexcept
{
    return grid_.batches() / batches_per_window_ + (grid_.batches() % batches_per_window_ == 0 ? 0 : 1);
}

std::uint64_t WindowPlan::largest_window_rows() const noexcept
{
    return windows() == 0 ? 0 : window(0).size();
}

RowRange WindowPlan::window(std::uint64_t index) const
{
    expects(index < windows(), "a window of the plan");
    std::uint64_t const first = index * batches_per_window_;
    std::uint64_t const last = first + std::min(batches_per_window_, grid_.batches() - first) - 1;
    return {grid_.batch(first).begin, grid_.batch(last).end};
}

std::vector<RowRange> WindowPlan::batches(std::uint64_t index) const
{
    RowRange const rows = window(index);
    std::vector<RowRange> batches;
    for (std::uint64_t begin = rows.begin; begin < rows.end; begin += grid_.batch_rows())
        batches.push_back({begin, begin + std::min(grid_.batch_rows(), rows.end - begin)});
    return batches;
}

namespace
{

/// The largest number of batches, no larger than the given one, that ends with a chunk; else the given one.
std::uint64_t of_whole_chunks(std::uint64_t batches, std::uint64_t batch_rows, std::uint64_t chunk_rows)
{
    std::uint64_t const step = chunk_rows / std::gcd(batch_rows, chunk_rows);
    return batches >= step ? batches / step * step : batches;
}

} // namespace

WindowPlan plan_windows(BatchGrid grid, WindowAim const& aim)
{
    auto const batch_bytes = checked_product(aim.input_row_bytes, grid.batch_rows());
    std::uint64_t const by_size = !batch_bytes        ? 1
                                  : *batch_bytes == 0 ? grid.batches()
                                                      : aim.window_bytes / *batch_bytes;
    std::uint64_t const shares = narrow<std::uint64_t>(aim.ranks) * aim.windows_per_rank;
    std::uint64_t const by_share = grid.batches() / std::max<std::uint64_t>(shares, 1);
    return {grid, of_whole_chunks(std::max<std::uint64_t>(1, std::min(by_size, by_share)), grid.batch_rows(),
                                  aim.chunk_rows)};
}

} // namespace distinfer::plan
