#pragma once

#include "carrier.hpp"
#include "postprocess.hpp"
#include "preprocess.hpp"
#include "program.hpp"

#include <memory>
#include <vector>

namespace distinfer::model
{

/// A program bound to its inputs and outputs: rows in host memory become tensors, go through the model, and come back
/// as rows in host memory. A carrier takes them to the model's device and back.
class TorchModel : public Model
{
  public:
    TorchModel(std::shared_ptr<Program> program, LoadOptions options, Binding binding);

    /// One where the model keeps a state: it sees batches in their order.
    int lanes() const override { return binding_.stateful ? 1 : carrier_->lanes(); }
    std::vector<NamedTensor> probe(std::uint64_t rows, std::span<std::byte const* const> inputs) override;
    void run(std::uint64_t rows, std::span<std::byte const* const> inputs,
             std::span<std::byte* const> outputs) override;

  private:
    using Take = std::function<std::vector<at::Tensor>(std::vector<NamedResult> const& results)>;

    void infer(std::uint64_t rows, std::span<std::byte const* const> inputs,
               std::span<std::span<std::byte> const> outputs, Take const& take);
    std::vector<NamedResult> results_of(std::uint64_t rows, std::span<std::byte const* const> inputs);
    std::vector<NamedResult> first_results(std::uint64_t rows, std::span<std::byte const* const> inputs);
    std::vector<at::Tensor> storable(std::vector<NamedResult> const& results, std::uint64_t rows) const;
    std::vector<c10::IValue> arguments(std::vector<at::Tensor> const& stored) const;
    at::Tensor input_tensor(std::size_t dataset, at::Tensor const& stored) const;
    void trim(std::vector<NamedResult>& results, std::uint64_t rows) const;

    /// Calls, and says of what LibTorch throws which inputs it was about. @throws RefusedBatch, ModelError
    template <class Call>
    auto explained(std::uint64_t rows, Call const& call) const;
    std::string describe_inputs(std::uint64_t rows) const;

    std::shared_ptr<Program> program_;
    LoadOptions options_;
    Binding binding_;
    std::vector<Preprocess> preprocess_; ///< one for each input that is a dataset
    std::vector<NamedTensor> outputs_;   ///< what probe() saw
    std::unique_ptr<Carrier> carrier_;   ///< last: whatever is put on the device above is there when it begins
};

} // namespace distinfer::model
