#pragma once

#include "distinfer/core/model.hpp"

#include <memory>
#include <vector>

namespace distinfer::app
{

/// A model and rows of its own, to be run batch after batch outside of a job.
class BatchRun
{
  public:
    /// Probes the model, with the first row only.
    /// @param held rows in `input`; what is left behind whole batches is never run
    /// @pre 0 < rows <= held. @throws as Model::probe()
    BatchRun(std::unique_ptr<Model> model, PayloadLayout const& layout, std::vector<std::byte> input,
             std::uint64_t held, std::uint64_t rows);
    ~BatchRun() = default;
    BatchRun(BatchRun const&) = delete;
    BatchRun& operator=(BatchRun const&) = delete;

    std::vector<NamedTensor> const& outputs() const noexcept { return outputs_; }

    std::uint64_t output_row_bytes() const noexcept { return output_layout_.bytes_per_row(); }

    /// Runs the next batch, behind the last one the first again. @throws as Model::run()
    void run();

    /// What came out, for all rows that are held. @pre run(), for each batch
    std::span<std::byte const> result(std::size_t output) const;

  private:
    std::uint64_t held_;
    std::uint64_t rows_;
    std::uint64_t next_ = 0; ///< first row of the next batch
    std::unique_ptr<Model> model_;
    PayloadLayout layout_;
    std::vector<std::byte> input_;
    std::vector<NamedTensor> outputs_;
    PayloadLayout output_layout_;
    std::vector<std::byte> results_;
};

} // namespace distinfer::app
