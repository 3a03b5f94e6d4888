#pragma once

#include "distinfer/core/tensor_spec.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace distinfer::model
{

/// What tools/export_model.py wrote into an AOTInductor package about its inputs and outputs.
struct PackageSpec
{
    std::vector<NamedTensor> inputs;
    std::vector<std::string> outputs;
    std::uint64_t least_batch = 1;              ///< rows
    std::optional<std::uint64_t> largest_batch; ///< rows; nothing: any
};

/// Reads the metadata entry. @throws ModelError where it is not what the helper writes
PackageSpec parse_package_spec(std::string const& text, std::string const& package);

/// Checks what the model will get against what it was compiled for: AOTInductor itself would compute numbers from a
/// wrong shape or type, silently. `inputs` are after the cast. Pure.
/// @throws ModelError naming the input, ConfigError where run.batch does not fit
void check_package(PackageSpec const& spec, std::vector<TensorSpec> const& inputs, std::uint64_t batch_rows,
                   std::string const& package);

} // namespace distinfer::model
