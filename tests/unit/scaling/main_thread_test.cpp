#include "scaling/main_thread.hpp"

#include <gtest/gtest.h>

namespace distinfer::scaling
{

namespace
{

constexpr double us = 1e-6;
constexpr Item note{What::result, 1};
constexpr Item outcome{What::inferred, 2};

} // namespace

TEST(MainThreadTest, PausesDoubleFromTwentyMicrosecondsToHalfAMillisecond)
{
    EXPECT_EQ(next_look(0), 0);
    EXPECT_NEAR(next_look(1 * us), 20 * us, 1e-12);
    EXPECT_NEAR(next_look(21 * us), 60 * us, 1e-12);
    EXPECT_NEAR(next_look(301 * us), 620 * us, 1e-12);
    EXPECT_NEAR(next_look(621 * us), 1120 * us, 1e-12);
    EXPECT_NEAR(next_look(1121 * us), 1620 * us, 1e-12);
    EXPECT_NEAR(next_look(1.0), 1.0, 500 * us);
    EXPECT_GE(next_look(1.0), 1.0);
}

TEST(MainThreadTest, AMessageWaitsForTheNextLookAndAStageOfTheRankDoesNot)
{
    MainThread messages{1 * us};
    EXPECT_NEAR(messages.come(100 * us, note).value(), 140 * us, 1e-12);
    MainThread stages{1 * us};
    EXPECT_EQ(stages.come(100 * us, outcome), 100 * us);
}

TEST(MainThreadTest, AStageThatWakesItMakesItTakeUpTheMessageThatWaits)
{
    MainThread thread{1 * us};
    double const planned = thread.come(100 * us, note).value();
    double const woken = thread.come(110 * us, outcome).value();
    EXPECT_LT(woken, planned);
    EXPECT_EQ(thread.look(woken)->what, What::result);
    EXPECT_NEAR(thread.look_again().value(), 111 * us, 1e-12);
    EXPECT_EQ(thread.look(woken + 1 * us)->what, What::inferred);
    EXPECT_FALSE(thread.look_again());
    EXPECT_GT(thread.come(135 * us, note).value(), planned);
    EXPECT_FALSE(thread.look(planned)) << "the look that was planned first is not one any more";
}

TEST(MainThreadTest, WhatComesWhileItIsAtWorkIsNextAndEachThingTakesItsTime)
{
    MainThread thread{10 * us};
    double const first = thread.come(0, note).value();
    EXPECT_EQ(first, 0);
    EXPECT_TRUE(thread.look(first));
    EXPECT_NEAR(thread.work(), 20 * us, 1e-12);
    EXPECT_NEAR(thread.come(5 * us, note).value(), 20 * us, 1e-12);
    EXPECT_NEAR(thread.busy(), 20 * us, 1e-12);
}

} // namespace distinfer::scaling
