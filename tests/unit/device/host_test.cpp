#include "distinfer/device/host.hpp"

#include <gtest/gtest.h>

#include <algorithm>
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

TEST(HostTest, CoresToBeHadAreMoreThanThoseOfABoundThread)
{
    auto const all = cores_to_be_had();
    ASSERT_GE(all.size(), usable_cores().size());
    std::jthread{[&] {
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(static_cast<unsigned>(usable_cores().front()), &one);
        ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
        EXPECT_EQ(cores_to_be_had(), all);
        EXPECT_EQ(usable_cores().size(), 1U) << "nothing is changed";
    }};
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
