#include "distinfer/plan/window_plan.hpp"

#include "distinfer/core/alignment.hpp"
#include "distinfer/core/check.hpp"
#include "distinfer/core/narrow.hpp"

#include <algorithm>
#include <numeric>

namespace distinfer::plan
{

namespace
{

std::uint64_t rounded_up(std::uint64_t number, std::uint64_t step)
{
    return number / step + (number % step == 0 ? 0 : 1);
}

} // namespace

WindowPlan::WindowPlan(BatchGrid grid, std::uint64_t batches_per_window)
    : WindowPlan(grid, batches_per_window, {{0, grid.rows()}})
{}

WindowPlan::WindowPlan(BatchGrid grid, std::uint64_t batches_per_window, std::vector<RowRange> const& left)
    : grid_(grid), batches_per_window_(batches_per_window)
{
    expects(batches_per_window > 0, "a window of at least one batch");
    for (auto const& range : left) {
        if (range.empty()) continue;
        expects(range.begin % grid.batch_rows() == 0, "rows that begin with a batch");
        expects(range.end % grid.batch_rows() == 0 || range.end == grid.rows(), "rows that end with a batch");
        pieces_.push_back({windows_, range});
        windows_ += rounded_up(range.end, rows_per_window()) - range.begin / rows_per_window();
        rows_ += range.size();
    }
}

/// A window is never larger than the grid, and so its rows fit.
std::uint64_t WindowPlan::rows_per_window() const
{
    return std::min(batches_per_window_, std::max<std::uint64_t>(grid_.batches(), 1)) * grid_.batch_rows();
}

std::uint64_t WindowPlan::largest_window_rows() const noexcept
{
    std::uint64_t rows = 0;
    for (auto const& piece : pieces_) rows = std::max(rows, std::min(piece.rows.size(), rows_per_window()));
    return rows;
}

RowRange WindowPlan::window(std::uint64_t index) const
{
    expects(index < windows_, "a window of the plan");
    auto const behind = std::ranges::upper_bound(pieces_, index, {}, &Piece::first_window);
    auto const& piece = *std::prev(behind);
    std::uint64_t const whole = piece.rows.begin / rows_per_window() + (index - piece.first_window);
    return {std::max(whole * rows_per_window(), piece.rows.begin),
            std::min((whole + 1) * rows_per_window(), piece.rows.end)};
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

/// The number of batches nearest below the given one that ends with a chunk; where a chunk is larger, that chunk,
/// unless it is much larger or would leave a rank without work. A chunk that is cut goes to both sides, whole.
std::uint64_t of_whole_chunks(std::uint64_t batches, BatchGrid const& grid, WindowAim const& aim)
{
    std::uint64_t const step = aim.chunk_rows / std::gcd(grid.batch_rows(), aim.chunk_rows);
    if (batches >= step) return batches / step * step;
    auto const bytes = checked_product(aim.row_bytes, checked_product(step, grid.batch_rows()).value_or(UINT64_MAX));
    bool const fits = bytes && *bytes / largest_growth <= aim.window_bytes;
    bool const leaves_work = grid.batches() / step >= narrow<std::uint64_t>(aim.ranks);
    return fits && leaves_work ? step : batches;
}

/// The number of batches nearest below the given one that ends with a page, and with a chunk where the given one does;
/// the given one where it is less than a page.
std::uint64_t of_whole_pages(std::uint64_t batches, BatchGrid const& grid, WindowAim const& aim)
{
    std::uint64_t const chunk = aim.chunk_rows / std::gcd(grid.batch_rows(), aim.chunk_rows);
    std::uint64_t const page = aim.page_rows / std::gcd(grid.batch_rows(), aim.page_rows);
    std::uint64_t const step = batches % chunk == 0 ? std::lcm(chunk, page) : page;
    return batches >= step ? batches / step * step : batches;
}

} // namespace

WindowPlan plan_windows(BatchGrid grid, WindowAim const& aim)
{
    return plan_windows(grid, aim, {{0, grid.rows()}});
}

WindowPlan plan_windows(BatchGrid grid, WindowAim const& aim, std::vector<RowRange> const& left)
{
    auto const batch_bytes = checked_product(aim.row_bytes, grid.batch_rows());
    std::uint64_t const by_size = !batch_bytes        ? 1
                                  : *batch_bytes == 0 ? grid.batches()
                                                      : aim.window_bytes / *batch_bytes;
    std::uint64_t const shares = narrow<std::uint64_t>(aim.ranks) * aim.windows_per_rank;
    std::uint64_t const by_share = grid.batches() / std::max<std::uint64_t>(shares, 1);
    auto const batches = of_whole_chunks(std::max<std::uint64_t>(1, std::min(by_size, by_share)), grid, aim);
    return {grid, of_whole_pages(batches, grid, aim), left};
}

std::uint64_t rows_in_whole_pages(std::vector<std::uint64_t> const& row_bytes)
{
    std::uint64_t rows = 1; // powers of two: the largest is a multiple of all others
    for (auto const bytes : row_bytes) rows = std::max(rows, page_bytes / std::gcd(page_bytes, bytes));
    return rows;
}

} // namespace distinfer::plan
