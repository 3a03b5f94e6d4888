#pragma once

#include "support/torch_models.hpp"

#include <gtest/gtest.h>

namespace distinfer::test
{

/// Whether bytes are those of the rows; else how many rows differ, which is the first, and, of float32, by how much.
testing::AssertionResult are_rows(std::vector<std::byte> const& bytes, Rows const& wanted);

/// The largest difference of two float32 datasets, as a share of the largest number in the second one.
/// @returns infinity where their sizes differ
double relative_difference(std::vector<std::byte> const& bytes, std::vector<std::byte> const& wanted);

} // namespace distinfer::test
