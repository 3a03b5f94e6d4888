#pragma once

#include "distinfer/core/tensor_spec.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace distinfer::test
{

/// A parameter of a test model, filled with normal random numbers of a fixed seed.
struct Parameter
{
    std::string name;
    std::vector<std::int64_t> shape;
};

/// Saves a TorchScript model with that source ("def forward(self, x: Tensor) ...") and those parameters.
void save_script(std::string const& path, std::string const& source, std::vector<Parameter> const& parameters = {});

/// A dataset in memory: `[rows, spec.row_shape...]`.
struct Rows
{
    TensorSpec spec;
    std::uint64_t rows = 0;
    std::vector<std::byte> bytes;

    bool operator==(Rows const&) const = default;
};

/// Random rows of a fixed seed: normal numbers for floats, 0 to 99 for integers.
Rows random_rows(TensorSpec const& spec, std::uint64_t rows, std::uint64_t seed = 1);

/// What a plain single-process LibTorch loop makes of the inputs, batch after batch: one entry for each result of a
/// tuple, or one for a tensor. This is the standard that dist-infer is held to, bit for bit. On a GPU every operation
/// is a kernel of its own, as in Python without a compiler, and float32 is float32.
std::vector<Rows> reference_loop(std::string const& model, std::vector<Rows> const& inputs, std::uint64_t batch,
                                 int threads, std::string const& device = "cpu");

} // namespace distinfer::test
