#pragma once

#include "distinfer/core/tensor_spec.hpp"
#include "distinfer/model/loaded_model.hpp"

#include <ATen/core/ivalue.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace distinfer::model
{

/// One result of a model, and the name that the model gives it.
struct NamedResult
{
    std::string name;
    at::Tensor tensor;
};

/// Something that a program keeps: a tensor, or a number, bool or string.
struct NamedState
{
    std::string name;
    c10::IValue value;
};

/// What the two formats differ in: how to call them, and what they tell of themselves. One thread at a time.
class Program
{
  public:
    virtual ~Program() = default;

    virtual std::string format() const = 0;
    virtual std::vector<std::string> input_names() const = 0;

    /// Rows that it was compiled for.
    virtual BatchRange batch_range() const { return {}; }

    /// Checks number and kind of the arguments, and where the file tells them types and shapes.
    /// @throws ModelError, ConfigError
    virtual void check(Binding const& binding) const = 0;

    /// Whether a short batch has to be filled up to the full one.
    virtual bool wants_full_batches() const = 0;

    /// Whether a call may write into a tensor that it is given.
    virtual bool may_write_inputs() const { return true; }

    /// What it keeps and calls may change, as far as it can be seen; not copied.
    virtual std::vector<NamedState> state() const { return {}; }

    /// Calls the model. Its results come flattened, dictionaries in their own order. @throws whatever LibTorch throws
    virtual std::vector<NamedResult> call(std::vector<c10::IValue> arguments) = 0;
};

std::unique_ptr<Program> load_torchscript(std::span<std::byte const> file, LoadOptions const& options);
std::unique_ptr<Program> load_aotinductor(std::span<std::byte const> file, LoadOptions const& options);

} // namespace distinfer::model
