#pragma once

#include "distinfer/model/loaded_model.hpp"

#include <ATen/core/Tensor.h>

#include <vector>

namespace distinfer::model
{

/// Lays the weights of convolutions, all of those given that have four axes, out with channels last, where that is
/// wanted. @throws ConfigError where there is none
void lay_out_weights(std::vector<at::Tensor> const& tensors, LoadOptions const& options);

/// A batch with channels last where that is wanted and it has four axes: [rows, channels, height, width].
at::Tensor laid_out(at::Tensor const& batch, LoadOptions const& options);

/// Refuses what would change a program whose layout is compiled in. Pure. @throws ConfigError
void require_compiled_layout(LoadOptions const& options);

} // namespace distinfer::model
