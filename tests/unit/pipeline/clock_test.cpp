#include "distinfer/pipeline/clock.hpp"

#include <gtest/gtest.h>

namespace distinfer::pipeline
{

TEST(LookingClockTest, TimeInWhichNobodyLooksCountsASecondAtMost)
{
    double time = 100;
    LookingClock clock{[&] { return time; }};
    EXPECT_EQ(clock(), 0);
    time += 0.5;
    EXPECT_EQ(clock(), 0.5);
    time += 3600;
    EXPECT_EQ(clock(), 1.5) << "the process was stopped for an hour";
}

} // namespace distinfer::pipeline
