#pragma once

#include "distinfer/model/loaded_model.hpp"

#include <ATen/core/Tensor.h>

#include <optional>
#include <vector>

namespace distinfer::model
{

/// What weights and inputs of that precision are cast to; nothing: they stay as they are.
std::optional<at::ScalarType> cast_of(LoadOptions const& options);

/// Sets what holds for the whole process: whether an accelerator may round float32 to TensorFloat-32.
/// @throws ConfigError where the device has no such precision
void apply_precision(LoadOptions const& options);

/// Refuses what would change a program whose precision is compiled in. Pure. @throws ConfigError
void require_compiled_precision(LoadOptions const& options);

/// Casts weights, given as all tensors of a model; integers stay. @throws ConfigError where there is none to cast
void cast_weights(std::vector<at::Tensor> const& tensors, LoadOptions const& options);

/// A batch as weights of that precision want it; integers stay.
at::Tensor cast_input(at::Tensor const& batch, LoadOptions const& options);

/// Whether an operation is missing in the precision, or did not get tensors of one precision.
bool is_about_precision(std::exception const& error, LoadOptions const& options);

/// Lets the library pick each operation's precision on this thread, for the life of the object, where that is wanted.
class AutocastGuard
{
  public:
    explicit AutocastGuard(LoadOptions const& options);
    ~AutocastGuard();
    AutocastGuard(AutocastGuard const&) = delete;
    AutocastGuard& operator=(AutocastGuard const&) = delete;

  private:
    std::optional<at::DeviceType> device_; ///< nothing: it does nothing
    at::ScalarType dtype_before_ = at::kFloat;
};

} // namespace distinfer::model
