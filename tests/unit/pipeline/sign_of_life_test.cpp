#include "distinfer/pipeline/sign_of_life.hpp"

#include <gtest/gtest.h>

namespace distinfer::pipeline
{

TEST(SignsOfLifeTest, AreDueForRanksThatHeardNothing)
{
    double now = 0;
    SignsOfLife signs{3, std::nullopt, [&] { return now; }};
    EXPECT_EQ(signs.due(), std::vector<int>{});
    now = 4;
    signs.told(1);
    now = 6;
    EXPECT_EQ(signs.due(), (std::vector<int>{0, 2}));
    for (int const rank : {0, 2}) signs.told(rank);
    now = 8;
    EXPECT_EQ(signs.due(), std::vector<int>{});
    now = 10;
    EXPECT_EQ(signs.due(), std::vector<int>{1});
}

TEST(SignsOfLifeTest, ComeOftenEnoughForAShortTimeout)
{
    double now = 0;
    double const timeout = 2;
    SignsOfLife signs{1, timeout, [&] { return now; }};
    Silence silence{timeout, [&] { return now; }};
    for (; now < 100; now += 0.1) {
        ASSERT_FALSE(silence.is_too_long()) << now;
        for (int const rank : signs.due()) {
            signs.told(rank);
            silence.heard();
        }
    }
}

TEST(SilenceTest, IsTooLongAfterTheTimeout)
{
    double now = 0;
    Silence silence{3, [&] { return now; }};
    now = 2;
    silence.heard();
    now = 4.9;
    EXPECT_FALSE(silence.is_too_long());
    now = 5.1;
    EXPECT_TRUE(silence.is_too_long());
}

TEST(SilenceTest, IsLongWhereNobodySaid)
{
    double now = 0;
    Silence silence{std::nullopt, [&] { return now; }};
    now = 599;
    EXPECT_FALSE(silence.is_too_long());
    now = 601;
    EXPECT_TRUE(silence.is_too_long());
}

} // namespace distinfer::pipeline
