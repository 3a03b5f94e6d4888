#pragma once

#include <optional>

namespace distinfer::model
{

/// Compute capability of an NVIDIA GPU that this process sees, 90 for 9.0, as the driver tells it. LibTorch tells it
/// only by CUDA's own headers. Nothing where there is no driver, or no such GPU.
std::optional<int> cuda_capability(int index);

} // namespace distinfer::model
