#include "distinfer/plan/batch_search.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace distinfer::plan
{

namespace
{

BatchLimits const large_job{.rows = 100'000'000, .ranks = 4};

using Seconds = std::function<double(std::uint64_t rows)>;

/// A model that starts a call within `call` seconds and takes `row` seconds for each row.
Seconds takes(double call, double row)
{
    return [=](std::uint64_t rows) { return call + row * static_cast<double>(rows); };
}

/// Searches to the end. @param fits rows of the largest batch that memory holds
BatchSearch search(BatchLimits const& limits, Seconds const& seconds, std::uint64_t fits = UINT64_MAX)
{
    BatchSearch search{limits};
    while (auto const rows = search.next()) {
        if (*rows > fits)
            search.ran_out_of_memory();
        else
            search.took(seconds(*rows));
    }
    return search;
}

std::vector<std::uint64_t> sizes(BatchSearch const& search)
{
    std::vector<std::uint64_t> sizes;
    for (auto const& trial : search.trials()) sizes.push_back(trial.rows);
    return sizes;
}

} // namespace

TEST(BatchSearchTest, TakesTheSmallestBatchThatIsAsGoodAsTheBest)
{
    // At 64 rows a call's own time is a 64th of the rest, at 32 it would be a 32nd: just above 3 % of the best.
    auto const found = search(large_job, takes(1e-4, 1e-4));
    EXPECT_EQ(found.best(), 32U);
    EXPECT_EQ(sizes(found), (std::vector<std::uint64_t>{1, 2, 4, 8, 16, 32, 64, 128}));
}

TEST(BatchSearchTest, EndsWhenTwoDoublingsHaveGainedNothing)
{
    auto const found = search(large_job, takes(0, 1e-4));
    EXPECT_EQ(found.best(), 1U);
    EXPECT_EQ(sizes(found), (std::vector<std::uint64_t>{1, 2, 4}));
}

TEST(BatchSearchTest, GoesOnBehindOneDoublingThatGainsNothing)
{
    auto const found =
        search(large_job, [](std::uint64_t rows) { return rows < 4 ? 1e-4 * static_cast<double>(rows) : 1e-4; });
    EXPECT_GE(found.best(), 4U);
}

TEST(BatchSearchTest, OneSlowRunIsNoSlowBatch)
{
    int runs = 0;
    auto const found =
        search(large_job, [&](std::uint64_t rows) { return takes(0, 1e-3)(rows) * (++runs % 2 == 1 ? 10 : 1); });
    EXPECT_EQ(found.best(), 1U);
    for (auto const& [rows, seconds] : found.trials()) EXPECT_DOUBLE_EQ(seconds, 1e-3 * static_cast<double>(rows));
}

TEST(BatchSearchTest, AMachineThatIsBusyForAWhileIsNoSlowBatch)
{
    int busy = 6; // runs, from the fourth row on
    auto const found = search(
        large_job, [&](std::uint64_t rows) { return takes(1e-3, 1e-3)(rows) * (rows >= 4 && busy-- > 0 ? 10 : 1); });
    EXPECT_EQ(found.trials()[2].rows, 4U);
    EXPECT_DOUBLE_EQ(found.trials()[2].seconds, 5e-3);
    EXPECT_EQ(found.best(), 32U);
}

TEST(BatchSearchTest, NoiseDoesNotMakeABatchLarge)
{
    auto const noisy = [n = 0](std::uint64_t rows) mutable {
        return takes(0, 1e-3)(rows) * (1 + 0.02 * static_cast<double>(n++ % 2));
    };
    EXPECT_EQ(search(large_job, noisy).best(), 1U);
}

TEST(BatchSearchTest, TakesAFractionOfTheJob)
{
    // 100 s on each of four ranks: 5 s at most, and one batch that was not foreseen to be slow.
    BatchLimits const job{.rows = 400'000, .ranks = 4};
    auto const found = search(job, takes(5e-3, 1e-3));
    EXPECT_LE(found.spent(), 5.0);
    EXPECT_GT(found.trials().size(), 3U);
}

TEST(BatchSearchTest, TakesTwentySecondsOfTheLongestJob)
{
    EXPECT_LE(search(large_job, takes(1, 0.01)).spent(), 20.0);
}

TEST(BatchSearchTest, EndsAtOnceWhereOneRunIsAllThereIsTimeFor)
{
    auto const found = search({.rows = 100, .ranks = 1}, takes(0, 30));
    EXPECT_EQ(found.best(), 1U);
    EXPECT_EQ(found.trials().size(), 1U);
    EXPECT_DOUBLE_EQ(found.spent(), 30);
}

TEST(BatchSearchTest, WithoutTimeForMoreTakesTheLargestThatIsAsGood)
{
    // 32 s on each of two ranks: 1.6 s for batches of which one takes 0.05 s a row.
    auto const found = search({.rows = 1280, .ranks = 2}, takes(0, 0.05));
    EXPECT_EQ(sizes(found), (std::vector<std::uint64_t>{1, 4, 16}));
    EXPECT_LE(found.best(), 16U);
    EXPECT_EQ(search({.rows = 640, .ranks = 2}, takes(0, 0.05)).best(), 4U);
}

TEST(BatchSearchTest, LeavesNoRankWithoutWork)
{
    // One batch of 64 would be the quickest of all, and keep three ranks of four idle.
    EXPECT_LE(search({.rows = 64, .ranks = 4}, takes(1e-3, 1e-4)).best(), 16U);
    EXPECT_EQ(search({.rows = 64, .ranks = 1}, takes(1e-3, 1e-5)).best(), 64U);
}

TEST(BatchSearchTest, KeepsClearOfTheEndOfMemory)
{
    auto const found = search(large_job, takes(1e-2, 1e-9), 16);
    EXPECT_EQ(found.best(), 8U);
    EXPECT_EQ(search(large_job, takes(1e-2, 1e-9), 1).best(), 1U);
}

TEST(BatchSearchTest, StopsWithoutGivingUpWhatHasRun)
{
    BatchSearch search{large_job};
    while (search.next() == 1U) search.took(1e-3);
    while (search.next() == 2U) search.took(1e-3);
    search.stop();
    EXPECT_EQ(search.next(), std::nullopt);
    EXPECT_EQ(search.best(), 2U);
}

TEST(BatchSearchTest, StaysWithinWhatTheModelTakes)
{
    auto const within = [](std::uint64_t least, std::uint64_t largest) {
        return search({.rows = 100'000'000, .ranks = 1, .least = least, .largest = largest}, takes(1e-2, 1e-9));
    };
    EXPECT_EQ(sizes(within(3, 20)), (std::vector<std::uint64_t>{4, 8, 16}));
    EXPECT_EQ(sizes(within(5, 7)), (std::vector<std::uint64_t>{5}));
    EXPECT_EQ(within(3, 20).best(), 16U);
}

TEST(BatchSearchTest, RunsNothingWhereThereIsNoChoice)
{
    auto const found = search({.rows = 1000, .ranks = 1, .least = 12, .largest = 12}, takes(1, 1));
    EXPECT_EQ(found.best(), 12U);
    EXPECT_TRUE(found.trials().empty());
}

TEST(BatchSearchTest, TriesNoBatchFarBeyondTheRows)
{
    EXPECT_EQ(sizes(search({.rows = 5, .ranks = 1}, takes(1e-2, 1e-9))), (std::vector<std::uint64_t>{1, 2, 4, 8}));
    EXPECT_EQ(sizes(search({.rows = 1, .ranks = 8}, takes(1e-2, 1e-9))), (std::vector<std::uint64_t>{1}));
}

} // namespace distinfer::plan
