#include "package_target.hpp"

#include "distinfer/core/error.hpp"

#include <sstream>
#include <sys/utsname.h>

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

} // namespace

Machine this_machine(std::string const& device)
{
    utsname names{};
    uname(&names);
    return {.device = device.substr(0, device.find(':')), .architecture = names.machine, .has = cpu_has};
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
    std::istringstream instructions{entry(metadata, "AOTI_CPU_ISA", "")};
    for (std::string name; instructions >> name;)
        if (!machine.has(name))
            throw ModelError(package + " was compiled for CPUs with " + name, "the CPU of this rank has no such thing",
                             "export the model on a machine like this");
}

} // namespace distinfer::model
