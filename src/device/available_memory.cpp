#include "distinfer/device/host.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>

namespace distinfer::device
{

namespace
{

/// A file of one number; nothing where it is missing, or says "max".
std::optional<std::uint64_t> number_in(std::string const& path)
{
    std::ifstream file{path};
    std::uint64_t number = 0;
    return file >> number ? std::optional{number} : std::nullopt;
}

std::uint64_t of_system(std::string const& root)
{
    std::ifstream file{root + "/proc/meminfo"};
    for (std::string line; std::getline(file, line);) {
        std::istringstream words{line};
        std::string key;
        std::uint64_t kibibytes = 0;
        if (words >> key >> kibibytes && key == "MemAvailable:") return kibibytes * 1024;
    }
    return UINT64_MAX;
}

std::uint64_t left(std::optional<std::uint64_t> limit, std::optional<std::uint64_t> used)
{
    if (!limit) return UINT64_MAX;
    return *limit - std::min(*limit, used.value_or(0));
}

/// The least that a group and those around it leave. @param group "/slurm/job_7"; empty: the outermost
std::uint64_t of_group(std::string const& mount, std::string group, std::string_view limit, std::string_view used)
{
    std::uint64_t least = UINT64_MAX;
    for (;; group.erase(group.rfind('/'))) {
        if (group == "/") group.clear();
        auto const folder = mount + group + "/";
        least = std::min(least, left(number_in(folder + std::string{limit}), number_in(folder + std::string{used})));
        if (group.empty()) return least;
    }
}

} // namespace

std::uint64_t available_memory_bytes(std::string const& root)
{
    auto least = of_system(root);
    std::ifstream file{root + "/proc/self/cgroup"};
    auto const mount = root + "/sys/fs/cgroup";
    for (std::string line; std::getline(file, line);) {
        // "0::/path" is of the second version, "4:memory:/path" of the first.
        auto const path = line.find('/');
        if (path == std::string::npos) continue;
        if (line.starts_with("0::"))
            least = std::min(least, of_group(mount, line.substr(path), "memory.max", "memory.current"));
        else if (line.find(":memory:") != std::string::npos)
            least = std::min(least, of_group(mount + "/memory", line.substr(path), "memory.limit_in_bytes",
                                             "memory.usage_in_bytes"));
    }
    return least;
}

} // namespace distinfer::device
