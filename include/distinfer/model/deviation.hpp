#pragma once

#include "distinfer/core/tensor_spec.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace distinfer::model
{

/// A tensor of results, in host memory.
struct Results
{
    TensorSpec spec;
    std::span<std::byte const> bytes;
};

/// How far results are from those that they should be.
struct Deviation
{
    double absolute = 0; ///< the largest; infinite where only one of two values is finite
    double relative = 0; ///< to the largest value that there should be
};

/// Compares `rows` rows of results, whose types may differ. Equal NaN count as equal. @pre the row shapes are equal
Deviation largest_deviation(Results const& results, Results const& expected, std::uint64_t rows);

} // namespace distinfer::model
