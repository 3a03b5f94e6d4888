#include "scaling/work.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace distinfer::scaling
{

namespace
{

double mean_seconds(Work const& work)
{
    auto const windows = work.windows(1);
    ModelTimes const times{work, windows};
    double sum = 0;
    for (std::uint64_t window = 0; window < windows.windows(); ++window) sum += times.seconds(window);
    return sum / static_cast<double>(windows.windows());
}

} // namespace

TEST(WorkTest, BatchesTakeTheirSecondsOnAverageAndStragglersMore)
{
    Work work{.rows = 20'000, .row_in = 1, .batch = 1, .window = 1, .batch_seconds = 2, .batch_spread = 0.3};
    work.straggler_share = 0;
    EXPECT_NEAR(mean_seconds(work), 2, 0.02);
    work.straggler_share = 0.1;
    EXPECT_NEAR(mean_seconds(work), 2 * (0.9 + 0.1 * work.straggler_factor), 0.15);
}

TEST(WorkTest, AShorterBatchTakesItsShareAndWithoutSpreadAllTakeTheSame)
{
    Work const work{.rows = 25,
                    .row_in = 1,
                    .batch = 10,
                    .window = 20,
                    .batch_seconds = 1,
                    .batch_spread = 0,
                    .straggler_share = 0};
    plan::WindowPlan const windows{{25, 10}, 2};
    ModelTimes const times{work, windows};
    EXPECT_DOUBLE_EQ(times.seconds(0), 2);
    EXPECT_DOUBLE_EQ(times.seconds(1), 0.5);
}

TEST(WorkTest, AWindowTakesTheSameWheneverItIsAskedAndAnotherSeedGivesOtherTimes)
{
    Work work{.rows = 100, .row_in = 1, .batch = 10, .window = 10, .batch_seconds = 1};
    auto const windows = work.windows(1);
    double const third = ModelTimes(work, windows).seconds(3);
    EXPECT_EQ(ModelTimes(work, windows).seconds(3), third);
    EXPECT_NE(ModelTimes(work, windows).seconds(4), third);
    work.seed = 2;
    EXPECT_NE(ModelTimes(work, windows).seconds(3), third);
}

TEST(WorkTest, RanksAreAsFastAsEachOtherOnAverage)
{
    Work const work{.rows = 1, .rank_spread = 0.1};
    ModelTimes const times{work, work.windows(1)};
    double sum = 0;
    for (int rank = 0; rank < 10'000; ++rank) sum += times.slowness(rank);
    EXPECT_NEAR(sum / 10'000, 1, 0.005);
}

} // namespace distinfer::scaling
