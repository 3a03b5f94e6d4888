#pragma once

#include <torch/csrc/jit/api/method.h>

namespace distinfer::model
{

/// Whether a method may write into a tensor that it is given. False only where it is sure not to.
bool may_write_inputs(torch::jit::Method const& method);

} // namespace distinfer::model
