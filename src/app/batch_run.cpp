#include "batch_run.hpp"

namespace distinfer::app
{

namespace
{

std::vector<TensorSpec> specs_of(std::vector<NamedTensor> const& tensors)
{
    std::vector<TensorSpec> specs;
    for (auto const& tensor : tensors) specs.push_back(tensor.spec);
    return specs;
}

template <class Pointer>
std::vector<Pointer> tensors_in(Pointer buffer, PayloadLayout const& layout, std::uint64_t rows)
{
    std::vector<Pointer> tensors;
    for (std::size_t i = 0; i < layout.tensors(); ++i) tensors.push_back(buffer + layout.offset(i, rows));
    return tensors;
}

} // namespace

BatchRun::BatchRun(std::unique_ptr<Model> model, PayloadLayout const& inputs, std::vector<std::byte> batch,
                   std::uint64_t rows)
    : rows_(rows),
      model_(std::move(model)),
      batch_(std::move(batch)),
      inputs_(tensors_in<std::byte const*>(batch_.data(), inputs, rows)),
      outputs_(model_->probe(1, inputs_)),
      layout_(specs_of(outputs_)),
      results_(layout_.bytes(rows)),
      places_(tensors_in(results_.data(), layout_, rows))
{}

} // namespace distinfer::app
