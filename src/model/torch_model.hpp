#pragma once

#include "postprocess.hpp"
#include "preprocess.hpp"
#include "program.hpp"

#include <memory>
#include <vector>

namespace distinfer::model
{

/// A program bound to its inputs and outputs: rows in host memory become tensors, go through the model, and come back
/// as rows in host memory.
class TorchModel : public Model
{
  public:
    TorchModel(std::shared_ptr<Program> program, LoadOptions options, Binding binding);

    std::vector<NamedTensor> probe(std::uint64_t rows, std::span<std::byte const* const> inputs) override;
    void run(std::uint64_t rows, std::span<std::byte const* const> inputs,
             std::span<std::byte* const> outputs) override;

  private:
    std::vector<NamedResult> infer(std::uint64_t rows, std::span<std::byte const* const> inputs);
    std::vector<NamedResult> first_results(std::uint64_t rows, std::span<std::byte const* const> inputs);
    std::vector<c10::IValue> arguments(std::uint64_t rows, std::span<std::byte const* const> inputs) const;
    at::Tensor input_tensor(std::size_t dataset, std::uint64_t rows, std::byte const* bytes) const;
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
};

} // namespace distinfer::model
