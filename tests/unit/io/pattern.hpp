#pragma once

#include "distinfer/core/tensor_spec.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace distinfer::io
{

using Bytes = std::vector<std::byte>;

/// Bytes that never repeat in step with a row; 0 and 1 only where they stand for booleans.
inline Bytes pattern(TensorSpec const& spec, std::uint64_t rows)
{
    Bytes bytes(rows * row_bytes(spec));
    std::uint32_t state = 1;
    for (auto& byte : bytes) {
        state = state * 1664525U + 1013904223U;
        auto const value = state >> 24U;
        byte = static_cast<std::byte>(spec.dtype == DType::boolean ? value & 1U : value);
    }
    return bytes;
}

} // namespace distinfer::io
