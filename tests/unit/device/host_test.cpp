#include "distinfer/device/host.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sched.h>
#include <thread>
#include <vector>

namespace distinfer::device
{

TEST(HostTest, TellsTheCoresOfTheAffinityMask)
{
    auto const all = usable_cores();
    ASSERT_FALSE(all.empty());
    std::jthread{[&] {
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(static_cast<unsigned>(all.back()), &one);
        ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
        EXPECT_EQ(usable_cores(), std::vector<int>{all.back()});
    }};
}

namespace
{

void write(std::filesystem::path const& path, std::string const& text)
{
    std::filesystem::create_directories(path.parent_path());
    std::ofstream{path} << text;
}

} // namespace

TEST(AvailableMemoryTest, IsNotMoreThanTheHostHas)
{
    EXPECT_GT(available_memory_bytes(), 0U);
    EXPECT_LT(available_memory_bytes(), 1ULL << 60);
}

TEST(AvailableMemoryTest, IsWhatTheSystemHasWhereNoGroupLimitsIt)
{
    test::TemporaryFolder const root;
    write(root / "proc/meminfo", "MemTotal: 9000 kB\nMemAvailable:    7000 kB\n");
    EXPECT_EQ(available_memory_bytes(root.path()), 7000U * 1024);
    write(root / "proc/self/cgroup", "0::/job/step\n");
    write(root / "sys/fs/cgroup/job/step/memory.max", "max\n");
    EXPECT_EQ(available_memory_bytes(root.path()), 7000U * 1024);
}

TEST(AvailableMemoryTest, IsWhatTheTightestGroupLeaves)
{
    test::TemporaryFolder const root;
    write(root / "proc/meminfo", "MemAvailable: 7000 kB\n");
    write(root / "proc/self/cgroup", "0::/job/step\n");
    write(root / "sys/fs/cgroup/job/memory.max", "5000\n");
    write(root / "sys/fs/cgroup/job/memory.current", "2000\n");
    write(root / "sys/fs/cgroup/job/step/memory.max", "9000\n");
    EXPECT_EQ(available_memory_bytes(root.path()), 3000U);
    write(root / "sys/fs/cgroup/job/memory.current", "6000\n");
    EXPECT_EQ(available_memory_bytes(root.path()), 0U);
}

TEST(AvailableMemoryTest, KnowsTheFirstVersionOfGroupsToo)
{
    test::TemporaryFolder const root;
    write(root / "proc/self/cgroup", "7:cpu:/\n4:memory:/job\n");
    write(root / "sys/fs/cgroup/memory/job/memory.limit_in_bytes", "5000");
    write(root / "sys/fs/cgroup/memory/job/memory.usage_in_bytes", "1000");
    EXPECT_EQ(available_memory_bytes(root.path()), 4000U);
}

TEST(HostTest, TellsAShortName)
{
    EXPECT_FALSE(host_name().empty());
    EXPECT_EQ(host_name().find('.'), std::string::npos);
}

TEST(HostTest, TellsTheMostMemoryThatWasInUse)
{
    auto const before = peak_memory_bytes();
    {
        std::vector<char> const large(64 << 20, 'x');
        EXPECT_EQ(large.back(), 'x');
    }
    EXPECT_GE(peak_memory_bytes(), before + (32 << 20));
}

} // namespace distinfer::device
