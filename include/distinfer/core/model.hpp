#pragma once

#include "distinfer/core/payload_layout.hpp"

#include <span>

namespace distinfer
{

/// A trained model, ready to run batches. One thread at a time calls it.
class Model
{
  public:
    virtual ~Model() = default;

    /// Runs some rows of the first batch, or all, and tells which datasets come out; inputs[i] points at `rows` rows of
    /// input tensor i.
    /// @throws ModelError where the model refuses the inputs or its outputs are not one row for each input row
    virtual std::vector<NamedTensor> probe(std::uint64_t rows, std::span<std::byte const* const> inputs) = 0;

    /// Runs a batch; outputs[i] points at room for `rows` rows of output tensor i. Equal inputs give equal bits.
    /// @throws ModelError where the model fails or an output is not what probe() told
    virtual void run(std::uint64_t rows, std::span<std::byte const* const> inputs,
                     std::span<std::byte* const> outputs) = 0;
};

} // namespace distinfer
