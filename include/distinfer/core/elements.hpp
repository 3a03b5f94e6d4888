#pragma once

#include "distinfer/core/dtype.hpp"

#include <cstddef>
#include <span>

/// What is asked of elements as they lie in a buffer, in the machine's byte order, on any address. Pure.
namespace distinfer
{

/// Whether a type has NaN and infinities.
bool is_floating(DType dtype);

/// Whether an element is NaN or infinite; never of a type that has neither. As fast as memory is read.
bool has_nonfinite(DType dtype, std::span<std::byte const> elements);

/// Whether an element is NaN.
bool has_nan(DType dtype, std::span<std::byte const> elements);

/// Makes every element the fill value: NaN where the type has one, else 0.
void fill_elements(DType dtype, std::span<std::byte> elements);

} // namespace distinfer
