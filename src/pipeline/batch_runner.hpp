#pragma once

#include "salvage.hpp"

namespace distinfer::pipeline
{

/// Cuts windows into batches, runs each, and does with bad rows what the job says. One thread.
class BatchRunner
{
  public:
    /// Both must outlive it.
    BatchRunner(Job const& job, Model& model);

    /// Runs a window. @returns its bad rows, in order, which hold the fill value
    /// @throws ModelError naming the rows
    std::vector<BadRow> run(std::uint64_t window, std::span<std::byte const> in, std::span<std::byte> out);

  private:
    std::vector<BadRow> run_batch(RowRange batch);
    std::vector<BadRow> refuse_nonfinite(RowRange batch, std::vector<BadRow> const& bad) const;
    bool is_nonfinite(std::uint64_t rows) const;
    std::string nonfinite_in(std::uint64_t row) const;
    std::span<std::byte> output(std::size_t tensor, std::uint64_t row, std::uint64_t rows) const;

    Job const& job_;
    Model& model_;
    Salvage salvage_;
    std::vector<std::byte const*> inputs_; ///< of the batch
    std::vector<std::byte*> outputs_;
};

} // namespace distinfer::pipeline
