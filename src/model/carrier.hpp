#pragma once

#include "distinfer/core/tensor_spec.hpp"
#include "distinfer/lane/device.hpp"

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace distinfer::model
{

/// How a batch gets from host memory to where the model runs, and its results back. As many threads as it has lanes.
class Carrier
{
  public:
    /// Runs the model on the rows of each dataset, of the types that they are stored in, where the model runs. Gives
    /// the results, of which each fills its output; none where there are no outputs.
    using Call = std::function<std::vector<at::Tensor>(std::vector<at::Tensor> const& stored)>;

    virtual ~Carrier() = default;

    virtual int lanes() const = 0;

    /// Calls `call` once. @throws what it throws, or LibTorch
    virtual void carry(std::uint64_t rows, std::span<std::span<std::byte const> const> inputs,
                       std::span<std::span<std::byte> const> outputs, Call const& call) = 0;
};

/// The model sees host memory itself, and results are copied once.
std::unique_ptr<Carrier> carry_nowhere(std::vector<TensorSpec> inputs);

/// Over lanes to a device beside the host. @param device what LibTorch calls it
std::unique_ptr<Carrier> carry_over_lanes(std::vector<TensorSpec> inputs, c10::Device device,
                                          std::unique_ptr<lane::Device> streams);

/// Rows in memory as a tensor, which does not own them; it may not be written to where they may not.
at::Tensor tensor_over(std::byte const* bytes, std::uint64_t rows, TensorSpec const& spec, c10::Device device);

} // namespace distinfer::model
