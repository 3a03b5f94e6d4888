#pragma once

#include "distinfer/core/tensor_spec.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace distinfer::app
{

/// Refuses a batch that no memory would hold, before any is asked for: a small file can say that its rows are huge.
/// Pure.
/// @param datasets names of the inputs, whose rows are `inputs`
/// @param memory bytes that the machine has
/// @throws InputError naming the dataset
void require_batch_fits(std::vector<std::string> const& datasets, std::vector<TensorSpec> const& inputs,
                        std::uint64_t batch_rows, std::uint64_t memory);

/// Bytes of memory of this machine.
std::uint64_t machine_memory();

} // namespace distinfer::app
