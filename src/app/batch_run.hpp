#pragma once

#include "distinfer/core/model.hpp"

#include <memory>
#include <vector>

namespace distinfer::app
{

/// A model and a batch of its own, to be run again and again outside of a job.
class BatchRun
{
  public:
    /// Probes the model, with the first row only. @pre rows > 0. @throws as Model::probe()
    BatchRun(std::unique_ptr<Model> model, PayloadLayout const& inputs, std::vector<std::byte> batch,
             std::uint64_t rows);
    BatchRun(BatchRun const&) = delete;
    BatchRun& operator=(BatchRun const&) = delete;

    std::vector<NamedTensor> const& outputs() const noexcept { return outputs_; }

    std::uint64_t output_row_bytes() const noexcept { return layout_.bytes_per_row(); }

    /// @throws as Model::run()
    void run() { model_->run(rows_, inputs_, places_); }

    /// What came out. @pre run()
    std::span<std::byte const> result(std::size_t output) const
    {
        return {places_[output], layout_.row_bytes(output) * rows_};
    }

  private:
    std::uint64_t rows_;
    std::unique_ptr<Model> model_;
    std::vector<std::byte> batch_;
    std::vector<std::byte const*> inputs_; ///< into batch_
    std::vector<NamedTensor> outputs_;
    PayloadLayout layout_; ///< of outputs_
    std::vector<std::byte> results_;
    std::vector<std::byte*> places_; ///< into results_
};

} // namespace distinfer::app
