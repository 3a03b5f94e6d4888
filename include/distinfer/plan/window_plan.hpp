#pragma once

#include "distinfer/plan/batch_grid.hpp"

#include <vector>

namespace distinfer::plan
{

/// The grid, or what is left of it, cut into windows, each a whole number of batches; those at the end of a range may
/// have fewer. Windows end where they would if everything were left. Pure.
class WindowPlan
{
  public:
    /// Windows of all rows. @pre batches_per_window > 0
    WindowPlan(BatchGrid grid, std::uint64_t batches_per_window);

    /// Windows of some rows: whole batches. @pre `left` is in order, and no two ranges touch
    WindowPlan(BatchGrid grid, std::uint64_t batches_per_window, std::vector<RowRange> const& left);

    BatchGrid const& grid() const noexcept { return grid_; }
    std::uint64_t batches_per_window() const noexcept { return batches_per_window_; }
    std::uint64_t windows() const noexcept { return windows_; }

    /// Rows of all windows.
    std::uint64_t rows() const noexcept { return rows_; }

    /// Rows of the largest window.
    std::uint64_t largest_window_rows() const noexcept;

    /// Rows of window `index`. @pre index < windows()
    RowRange window(std::uint64_t index) const;

    /// The batches of window `index`, in order, as rows of the dataset. @pre index < windows()
    std::vector<RowRange> batches(std::uint64_t index) const;

  private:
    /// Rows that stand together, and the number of their first window.
    struct Piece
    {
        std::uint64_t first_window = 0;
        RowRange rows;
    };

    std::uint64_t rows_per_window() const;

    BatchGrid grid_;
    std::uint64_t batches_per_window_;
    std::vector<Piece> pieces_;
    std::uint64_t windows_ = 0;
    std::uint64_t rows_ = 0;
};

/// How much larger than what it aims at a window may be to hold a whole chunk.
constexpr std::uint64_t largest_growth = 4;

/// What the size of a window is chosen from.
struct WindowAim
{
    std::uint64_t window_bytes = 0;      ///< bytes that a window aims at
    std::uint64_t row_bytes = 0;         ///< bytes of a row, input or output, whichever is more
    std::uint64_t chunk_rows = 1;        ///< rows that are stored together, and so best travel together
    std::uint64_t page_rows = 1;         ///< rows whose results fill whole pages of the output
    int ranks = 1;                       ///< ranks that share the work
    std::uint64_t windows_per_rank = 16; ///< windows a rank should get, where there are batches enough, to share evenly
};

/// Windows of about `window_bytes`, smaller where that is needed to give every rank its share, and of whole chunks
/// where such a window is no larger; of whole pages of the output where it is large enough; never under one batch.
WindowPlan plan_windows(BatchGrid grid, WindowAim const& aim);

/// The same for the rows that are left; @see WindowPlan.
WindowPlan plan_windows(BatchGrid grid, WindowAim const& aim, std::vector<RowRange> const& left);

/// The least number of rows whose results fill whole pages (page_bytes) in every dataset. @param row_bytes of each
/// dataset
std::uint64_t rows_in_whole_pages(std::vector<std::uint64_t> const& row_bytes);

} // namespace distinfer::plan
