#pragma once

#include "distinfer/core/row_range.hpp"

#include <cstdint>

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

} // namespace distinfer::plan
