#pragma once

#include "distinfer/core/error.hpp"
#include "distinfer/core/payload_layout.hpp"

#include <span>
#include <string>

namespace distinfer
{

/// The model failed on the inputs that it was given: one of their rows may be bad. What is the model's fault, or the
/// machine's, whatever the rows hold, is another error.
class RefusedBatch : public ModelError
{
  public:
    /// @param reason what the model says of it; where there is none, the problem
    explicit RefusedBatch(std::string_view problem, std::string_view reason = {})
        : ModelError(problem, reason), reason_(reason.empty() ? problem : reason)
    {}

    std::string const& reason() const noexcept { return reason_; }

  private:
    std::string reason_;
};

/// The memory of the machine, or of its device, does not hold the batch: fewer rows may be run.
class OutOfMemory : public ModelError
{
  public:
    using ModelError::ModelError;
};

/// A trained model, ready to run batches. lanes() threads may call run() at once; all else is called by one, alone.
class Model
{
  public:
    virtual ~Model() = default;

    /// How many threads should call run() at once. Where it is more than one, they do not compute at once: while the
    /// batch of one is computed, those of the others are copied to the device or back.
    virtual int lanes() const { return 1; }

    /// Runs some rows of the first batch, or all, and tells which datasets come out; inputs[i] points at `rows` rows of
    /// input tensor i.
    /// @throws RefusedBatch where the model fails on these rows, ModelError where its outputs are not one row for each
    /// input row
    virtual std::vector<NamedTensor> probe(std::uint64_t rows, std::span<std::byte const* const> inputs) = 0;

    /// Runs a batch; outputs[i] points at room for `rows` rows of output tensor i. Equal inputs give equal bits.
    /// @throws RefusedBatch where the model fails on these rows, OutOfMemory, ModelError where an output is not what
    /// probe() told
    virtual void run(std::uint64_t rows, std::span<std::byte const* const> inputs,
                     std::span<std::byte* const> outputs) = 0;
};

} // namespace distinfer
