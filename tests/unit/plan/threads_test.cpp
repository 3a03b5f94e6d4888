#include "distinfer/plan/threads.hpp"

#include <gtest/gtest.h>

namespace distinfer::plan
{

namespace
{

RankPlace on(int node, std::vector<int> cores)
{
    return {.node = node, .cores = std::move(cores)};
}

} // namespace

TEST(ThreadsPerRankTest, ARankAloneTakesItsCores)
{
    EXPECT_EQ(threads_per_rank({on(0, {0, 1, 2, 3})}), 4);
}

TEST(ThreadsPerRankTest, RanksBoundApartTakeTheirOwn)
{
    EXPECT_EQ(threads_per_rank({on(0, {0, 1}), on(0, {2, 3})}), 2);
}

TEST(ThreadsPerRankTest, UnboundRanksOfAHostShareIt)
{
    EXPECT_EQ(threads_per_rank({on(0, {0, 1, 2, 3}), on(0, {0, 1, 2, 3})}), 2);
    EXPECT_EQ(threads_per_rank({on(0, {0, 1, 2}), on(0, {0, 1, 2}), on(0, {0, 1, 2})}), 1);
    EXPECT_EQ(threads_per_rank({on(0, {0, 1}), on(1, {0, 1})}), 2);
}

TEST(ThreadsPerRankTest, TheSmallestShareHoldsForAll)
{
    EXPECT_EQ(threads_per_rank({on(0, {0, 1, 2, 3}), on(1, {0, 1})}), 2);
}

TEST(ThreadsPerRankTest, NeverLessThanOne)
{
    EXPECT_EQ(threads_per_rank({on(0, {0}), on(0, {0}), on(0, {0})}), 1);
    EXPECT_EQ(threads_per_rank({on(0, {})}), 1);
    EXPECT_EQ(threads_per_rank({}), 1);
}

TEST(DecodeThreadsTest, TheModelsCoresAreItsOwn)
{
    EXPECT_EQ(decode_threads(8, 1, 2), 2) << "no more than there are windows";
    EXPECT_EQ(decode_threads(8, 1, 20), 7);
    EXPECT_EQ(decode_threads(8, 6, 20), 2);
    EXPECT_EQ(decode_threads(2.9999999999, 1, 20), 2);
}

TEST(DecodeThreadsTest, ThereIsAlwaysOne)
{
    EXPECT_EQ(decode_threads(1, 1, 2), 1);
    EXPECT_EQ(decode_threads(0.5, 4, 2), 1);
    EXPECT_EQ(decode_threads(8, 1, 0), 1);
}

} // namespace distinfer::plan
