#include "distinfer/device/host.hpp"

#include "distinfer/core/error.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <limits>
#include <malloc.h>
#include <sched.h>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

namespace distinfer::device
{

namespace
{

cpu_set_t mask_of_this_thread()
{
    cpu_set_t mask;
    CPU_ZERO(&mask);
    if (sched_getaffinity(0, sizeof mask, &mask) != 0)
        throw LaunchError("cannot tell which cores this rank may use", std::strerror(errno), "set run.threads");
    return mask;
}

std::vector<int> cores_in(cpu_set_t const& mask)
{
    std::vector<int> cores;
    for (int core = 0; core < CPU_SETSIZE; ++core)
        if (CPU_ISSET(static_cast<unsigned>(core), &mask)) cores.push_back(core);
    return cores;
}

} // namespace

std::vector<int> usable_cores()
{
    return cores_in(mask_of_this_thread());
}

std::vector<int> cores_to_be_had()
{
    // A thread that asks for all cores gets those that may be had, and takes its mask with it when it ends.
    auto mask = mask_of_this_thread();
    std::jthread{[&mask] {
        cpu_set_t all;
        CPU_ZERO(&all);
        for (unsigned core = 0; core < CPU_SETSIZE; ++core) CPU_SET(core, &all);
        cpu_set_t had;
        if (sched_setaffinity(0, sizeof all, &all) == 0 && sched_getaffinity(0, sizeof had, &had) == 0) mask = had;
    }}.join();
    return cores_in(mask);
}

std::uint64_t peak_memory_bytes()
{
    struct rusage usage = {};
    if (getrusage(RUSAGE_SELF, &usage) != 0) return 0;
    return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024; // Linux counts it in KiB
}

std::string host_name()
{
    std::array<char, 256> name{};
    if (gethostname(name.data(), name.size() - 1) != 0) return "unknown";
    std::string const full{name.data()};
    return full.substr(0, full.find('.'));
}

void give_back_freed_memory()
{
    malloc_trim(0);
}

void keep_freed_memory()
{
    // One arena: those of other threads are small heaps, which go back to the system however the rest is set.
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
    mallopt(M_TOP_PAD, 64 << 20);
    mallopt(M_MMAP_MAX, 0);
}

} // namespace distinfer::device
