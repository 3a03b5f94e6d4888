#pragma once

#include "distinfer/core/model.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace distinfer::pipeline
{

/// Runs a batch that memory does not hold in two halves, and those likewise, down to a single row; so a job survives a
/// batch that takes more memory than the others, or a neighbour on the same device. Its rows may get other last bits
/// than in the whole batch. One thread at a time calls it.
class HalvingModel : public Model
{
  public:
    /// @param inputs layout of the model's inputs
    HalvingModel(std::unique_ptr<Model> model, PayloadLayout inputs);

    /// As the model itself. @throws OutOfMemory where it does not hold this batch
    std::vector<NamedTensor> probe(std::uint64_t rows, std::span<std::byte const* const> inputs) override;

    /// @throws what the model throws; OutOfMemory where memory does not hold a single row
    void run(std::uint64_t rows, std::span<std::byte const* const> inputs,
             std::span<std::byte* const> outputs) override;

    /// Batches that were run in parts.
    std::uint64_t halved() const noexcept { return halved_; }

  private:
    bool is_run(std::uint64_t rows, std::span<std::byte const* const> inputs, std::span<std::byte* const> outputs);
    void run_halves(std::uint64_t rows, std::span<std::byte const* const> inputs, std::span<std::byte* const> outputs);

    std::unique_ptr<Model> model_;
    PayloadLayout inputs_;
    PayloadLayout outputs_; ///< what probe() saw
    std::string problem_;   ///< of the last batch that did not fit
    std::uint64_t halved_ = 0;
};

} // namespace distinfer::pipeline
