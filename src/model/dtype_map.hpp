#pragma once

#include "distinfer/core/dtype.hpp"

#include <c10/core/ScalarType.h>

#include <optional>

namespace distinfer::model
{

c10::ScalarType to_torch(DType dtype);

/// Nothing for types that a dataset cannot hold, such as complex numbers.
std::optional<DType> from_torch(c10::ScalarType type);

} // namespace distinfer::model
