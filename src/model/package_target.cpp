#include "package_target.hpp"

#include "distinfer/core/error.hpp"
#include "distinfer/device/visible.hpp"

#include <torch/version.h>

#include <charconv>
#include <sstream>
#include <sys/utsname.h>
#include <utility>

namespace distinfer::model
{

namespace
{

/// True for names that are not known, too: the package may well run.
bool cpu_has([[maybe_unused]] std::string_view instructions)
{
#if defined(__x86_64__)
    if (instructions == "AVX2") return __builtin_cpu_supports("avx2") != 0;
    if (instructions == "AVX512") return __builtin_cpu_supports("avx512f") != 0;
    if (instructions == "AVX512_VNNI") return __builtin_cpu_supports("avx512vnni") != 0;
    if (instructions == "AVX512_BF16") return __builtin_cpu_supports("avx512bf16") != 0;
#endif
    return true;
}

std::string entry(PackageMetadata const& metadata, std::string const& key, std::string const& otherwise)
{
    auto const found = metadata.find(key);
    return found == metadata.end() ? otherwise : found->second;
}

/// The number that a text begins with.
std::optional<int> number_of(std::string const& text)
{
    int number = 0;
    auto const end = std::from_chars(text.data(), text.data() + text.size(), number);
    return end.ec == std::errc{} ? std::optional{number} : std::nullopt;
}

std::string capability_text(int capability)
{
    return std::to_string(capability / 10) + "." + std::to_string(capability % 10);
}

/// Major and minor; zeros where there are none.
std::pair<int, int> version_of(std::string const& text)
{
    auto const dot = text.find('.');
    auto const minor = dot == std::string::npos ? std::string{} : text.substr(dot + 1);
    return {number_of(text).value_or(0), number_of(minor).value_or(0)};
}

/// Machine code of a GPU runs on those of its generation, from the minor version on for which it was made.
void check_capability(PackageMetadata const& metadata, Machine const& machine, std::string const& package)
{
    auto const compiled = number_of(entry(metadata, "AOTI_COMPUTE_CAPABILITY", ""));
    if (!compiled || !machine.capability || machine.device != "cuda") return;
    auto const here = *machine.capability;
    if (here / 10 == *compiled / 10 && here >= *compiled) return;
    throw ModelError(package + " was compiled for GPUs of compute capability " + capability_text(*compiled),
                     "that of this rank has " + capability_text(here), "export the model on a GPU like it");
}

/// What a newer torch has compiled may call what this LibTorch does not have.
void check_torch(PackageMetadata const& metadata, Machine const& machine, std::string const& package)
{
    auto const compiled = entry(metadata, "distinfer.torch", machine.torch);
    if (version_of(compiled) <= version_of(machine.torch)) return;
    throw ModelError(package + " was compiled by torch " + compiled, "this is LibTorch " + machine.torch,
                     "export it with that version, or build dist-infer with the newer one");
}

} // namespace

Machine this_machine(std::string const& device)
{
    utsname names{};
    uname(&names);
    auto const colon = device.find(':');
    auto const type = device.substr(0, colon);
    int const index = colon == std::string::npos ? 0 : std::stoi(device.substr(colon + 1));
    return {.device = type,
            .architecture = names.machine,
            .torch = TORCH_VERSION,
            .capability = type == "cuda" ? device::cuda_capability(index) : std::nullopt,
            .has = cpu_has};
}

void check_target(PackageMetadata const& metadata, Machine const& machine, std::string const& package)
{
    if (auto const device = entry(metadata, "AOTI_DEVICE_KEY", machine.device); device != machine.device)
        throw ModelError(package + " was compiled for the device '" + device + "'",
                         "this rank runs on " + machine.device,
                         "set run.device, or export the model for " + machine.device);
    if (auto const kind = entry(metadata, "AOTI_MACHINE", machine.architecture); kind != machine.architecture)
        throw ModelError(package + " was compiled for " + kind, "this machine is " + machine.architecture,
                         "export the model on a machine like this");
    check_torch(metadata, machine, package);
    check_capability(metadata, machine, package);
    std::istringstream instructions{entry(metadata, "AOTI_CPU_ISA", "")};
    for (std::string name; instructions >> name;)
        if (!machine.has(name))
            throw ModelError(package + " was compiled for CPUs with " + name, "the CPU of this rank has no such thing",
                             "export the model on a machine like this");
}

} // namespace distinfer::model
