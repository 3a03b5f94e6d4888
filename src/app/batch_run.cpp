#include "batch_run.hpp"

namespace distinfer::app
{

BatchRun::BatchRun(std::unique_ptr<Model> model, PayloadLayout const& layout, std::vector<std::byte> input,
                   std::uint64_t held, std::uint64_t rows)
    : held_(held),
      rows_(rows),
      model_(std::move(model)),
      layout_(layout),
      input_(std::move(input)),
      outputs_(model_->probe(1, tensors_at<std::byte const>(input_.data(), layout, held))),
      output_layout_(specs_of(outputs_)),
      results_(output_layout_.bytes(held))
{}

void BatchRun::run()
{
    model_->run(rows_, tensors_at<std::byte const>(input_.data(), layout_, held_, next_),
                tensors_at(results_.data(), output_layout_, held_, next_));
    next_ = next_ + 2 * rows_ > held_ ? 0 : next_ + rows_;
}

std::span<std::byte const> BatchRun::result(std::size_t output) const
{
    return {results_.data() + output_layout_.offset(output, held_), output_layout_.row_bytes(output) * held_};
}

} // namespace distinfer::app
