#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace distinfer::model
{

/// What the metadata of an AOTInductor package holds.
using PackageMetadata = std::unordered_map<std::string, std::string>;

/// Where a package is to run.
struct Machine
{
    std::string device;                                   ///< "cpu", "cuda"
    std::string architecture;                             ///< as uname tells it: "x86_64"
    std::string torch;                                    ///< version of LibTorch: "2.11.0"
    std::optional<int> capability;                        ///< of an NVIDIA GPU, 90 for 9.0; nothing: not known
    bool (*has)(std::string_view instructions) = nullptr; ///< an instruction set by its name in the metadata: "AVX512"
};

/// This process's CPU, and the type of the device: "cuda:0" is "cuda".
Machine this_machine(std::string const& device);

/// A package is machine code: on another kind of machine it would not load, or die of an illegal instruction. Entries
/// that are missing or unknown are let pass. Pure.
/// @throws ModelError naming what it was compiled for
void check_target(PackageMetadata const& metadata, Machine const& machine, std::string const& package);

} // namespace distinfer::model
