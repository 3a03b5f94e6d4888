#pragma once

#include "distinfer/core/row_range.hpp"

#include <cstdint>
#include <vector>

namespace distinfer::plan
{

/// The dataset cut into batches of equal size; the last one may be shorter.
///
/// The grid belongs to the dataset, never to a rank or a window: a row meets the model in the same batch whatever the
/// number of ranks, and that is what makes the bits equal. Pure.
class BatchGrid
{
  public:
    /// @pre batch_rows > 0
    BatchGrid(std::uint64_t rows, std::uint64_t batch_rows);

    std::uint64_t rows() const noexcept { return rows_; }
    std::uint64_t batch_rows() const noexcept { return batch_rows_; }
    std::uint64_t batches() const noexcept;

    /// Rows of batch `index`. @pre index < batches()
    RowRange batch(std::uint64_t index) const;

  private:
    std::uint64_t rows_;
    std::uint64_t batch_rows_;
};

/// The batches that have any of these rows, as ranges in order, no two of which touch: a row is run in its whole batch
/// or not at all. Pure. @param rows of the grid, in order
std::vector<RowRange> whole_batches(BatchGrid const& grid, std::vector<RowRange> const& rows);

} // namespace distinfer::plan
