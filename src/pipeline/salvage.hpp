#pragma once

#include "distinfer/core/buffer.hpp"
#include "distinfer/pipeline/job.hpp"

namespace distinfer::pipeline
{

/// What is done about a batch that the model refuses, where bad rows are skipped. A row's bits depend on the batch that
/// it is in, so every trial is a batch of the same size with the rows that matter in their places; the places of the
/// others hold copies of one that matters. One thread.
class Salvage
{
  public:
    /// Both must outlive it.
    Salvage(Job const& job, Model& model);

    /// Runs the good rows of a batch.
    /// @param batch rows of the dataset
    /// @param inputs, outputs as Model::run takes them
    /// @param refused what the model said
    /// @returns the bad rows, in order, whose outputs mean nothing
    /// @throws ModelError and others, where it is not the rows' fault
    std::vector<BadRow> run(RowRange batch, std::span<std::byte const* const> inputs,
                            std::span<std::byte* const> outputs, RefusedBatch const& refused);

  private:
    void make_room(std::uint64_t rows);
    std::optional<std::string> attempt(std::uint64_t rows, std::span<std::byte const* const> inputs,
                                       std::span<std::byte* const> outputs);
    std::optional<std::string> run_with_only(std::vector<bool> const& kept, std::span<std::byte const* const> inputs,
                                             std::span<std::byte* const> outputs);

    Job const& job_;
    Model& model_;
    Buffer input_; ///< of a trial
    Buffer output_;
    std::vector<std::byte const*> trial_inputs_;
    std::vector<std::byte*> trial_outputs_;
};

} // namespace distinfer::pipeline
