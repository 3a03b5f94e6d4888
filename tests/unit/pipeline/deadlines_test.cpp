#include "distinfer/pipeline/deadlines.hpp"

#include <gtest/gtest.h>

namespace distinfer::pipeline
{

namespace
{

constexpr int root = 0;

/// Deadlines by a clock that the test turns.
class DeadlinesTest : public testing::Test
{
  protected:
    Deadlines with_timeout(std::optional<double> timeout)
    {
        return {timeout, root, [this] { return now_; }};
    }

    double now_ = 0;
};

void expect(std::optional<Stall> const& stall, Phase phase, int rank, std::optional<std::uint64_t> window)
{
    ASSERT_TRUE(stall);
    EXPECT_EQ(stall->phase, phase);
    EXPECT_EQ(stall->rank, rank);
    EXPECT_EQ(stall->window, window);
}

/// From phase to phase, a second in each.
void pass(Deadlines& deadlines, double& now, plan::Assignment assignment, double seconds = 1)
{
    for (auto const phase : {Phase::fetch, Phase::send, Phase::run, Phase::wait, Phase::gather, Phase::store}) {
        deadlines.enter(phase, assignment);
        now += seconds;
    }
    deadlines.left(assignment);
}

} // namespace

TEST_F(DeadlinesTest, AWindowThatStandsStillIsNamedWithItsPhase)
{
    for (auto const phase : {Phase::fetch, Phase::send, Phase::run, Phase::gather, Phase::store}) {
        auto deadlines = with_timeout(3);
        deadlines.enter(phase, {7, 2});
        now_ += 2.9;
        EXPECT_FALSE(deadlines.overdue());
        now_ += 0.3;
        auto const stall = deadlines.overdue();
        expect(stall, phase, phase == Phase::fetch || phase == Phase::store ? root : 2, 7);
        EXPECT_NEAR(stall->seconds, 3.2, 1e-9);
        EXPECT_EQ(stall->limit, 3);
    }
}

TEST_F(DeadlinesTest, NothingIsOverdueWhereNothingIsUnderWay)
{
    auto deadlines = with_timeout(3);
    now_ = 100;
    EXPECT_FALSE(deadlines.overdue());
    pass(deadlines, now_, {0, 1});
    now_ = 200;
    EXPECT_FALSE(deadlines.overdue());
}

TEST_F(DeadlinesTest, AWindowThatQueuesBehindOthersIsNotLate)
{
    auto deadlines = with_timeout(3);
    for (std::uint64_t window = 0; window < 10; ++window) deadlines.enter(Phase::run, {window, 1});
    for (std::uint64_t window = 0; window < 9; ++window) {
        now_ += 2;
        EXPECT_FALSE(deadlines.overdue()) << "the rank gives a result every two seconds";
        deadlines.left({window, 1});
    }
    now_ += 3.5;
    expect(deadlines.overdue(), Phase::run, 1, 9);
}

/// Root reads for all ranks, one window after the other.
TEST_F(DeadlinesTest, WindowsOfAllRanksQueueForRoot)
{
    auto deadlines = with_timeout(3);
    for (int rank = 0; rank < 10; ++rank) deadlines.enter(Phase::fetch, {static_cast<std::uint64_t>(rank), rank});
    for (int rank = 0; rank < 9; ++rank) {
        now_ += 2;
        EXPECT_FALSE(deadlines.overdue());
        deadlines.left({static_cast<std::uint64_t>(rank), rank});
    }
    now_ += 3.5;
    expect(deadlines.overdue(), Phase::fetch, root, 9);
}

TEST_F(DeadlinesTest, OneRankDoesNotAnswerForAnother)
{
    auto deadlines = with_timeout(3);
    deadlines.enter(Phase::run, {0, 1});
    for (std::uint64_t window = 1; window < 4; ++window) {
        deadlines.enter(Phase::run, {window, 2});
        now_ += 1.1;
        deadlines.left({window, 2});
    }
    expect(deadlines.overdue(), Phase::run, 1, 0);
}

/// A rank has room for two results; the others wait on root, however long that takes.
TEST_F(DeadlinesTest, ARankIsNotLateWhileRootHoldsUpItsResults)
{
    auto deadlines = with_timeout(3);
    deadlines.enter(Phase::run, {0, 1});
    deadlines.enter(Phase::run, {1, 1});
    deadlines.enter(Phase::wait, {0, 1});
    now_ += 100;
    EXPECT_FALSE(deadlines.overdue());
    deadlines.enter(Phase::gather, {0, 1});
    deadlines.enter(Phase::store, {0, 1});
    deadlines.left({0, 1});
    now_ += 2.9;
    EXPECT_FALSE(deadlines.overdue()) << "it may go on only now";
    now_ += 0.3;
    expect(deadlines.overdue(), Phase::run, 1, 1);
}

/// A result may be there before root has seen that its input had left.
TEST_F(DeadlinesTest, WhatWasSentIsRunUnlessItsResultIsThere)
{
    auto deadlines = with_timeout(3);
    deadlines.enter(Phase::send, {0, 1});
    deadlines.sent({0, 1});
    now_ += 3.5;
    expect(deadlines.overdue(), Phase::run, 1, 0);
    deadlines.enter(Phase::gather, {0, 1});
    deadlines.sent({0, 1});
    now_ += 3.5;
    expect(deadlines.overdue(), Phase::gather, 1, 0);
    deadlines.left({0, 1});
    deadlines.sent({0, 1});
    now_ += 3.5;
    EXPECT_FALSE(deadlines.overdue());
}

TEST_F(DeadlinesTest, ACommitThatARankDoesNotAnswerIsOverdue)
{
    auto deadlines = with_timeout(3);
    deadlines.commit_begins(2);
    now_ += 2;
    deadlines.commit_begins(2);
    now_ += 1.5;
    expect(deadlines.overdue(), Phase::commit, 2, std::nullopt);
    deadlines.commit_ends(2);
    deadlines.commit_ends(2);
    now_ += 100;
    EXPECT_FALSE(deadlines.overdue());
}

TEST_F(DeadlinesTest, WhatHasStoodLongestIsNamed)
{
    auto deadlines = with_timeout(3);
    deadlines.enter(Phase::run, {0, 2});
    now_ += 1;
    deadlines.commit_begins(2);
    deadlines.enter(Phase::run, {1, 1});
    now_ += 10;
    expect(deadlines.overdue(), Phase::run, 2, 0);
}

TEST_F(DeadlinesTest, AutoIsGenerousBeforeARankHasFinishedAnything)
{
    auto deadlines = with_timeout(std::nullopt);
    for (std::uint64_t window = 0; window < 100; ++window) pass(deadlines, now_, {window, 1}, 0.01);
    deadlines.enter(Phase::run, {100, 2});
    now_ += 599;
    EXPECT_FALSE(deadlines.overdue()) << "the first window of rank 2";
    now_ += 2;
    expect(deadlines.overdue(), Phase::run, 2, 100);
}

TEST_F(DeadlinesTest, AutoAllowsAMinuteAtLeast)
{
    auto deadlines = with_timeout(std::nullopt);
    pass(deadlines, now_, {0, 1}, 0.01);
    deadlines.enter(Phase::run, {1, 1});
    now_ += 59;
    EXPECT_FALSE(deadlines.overdue());
    now_ += 2;
    expect(deadlines.overdue(), Phase::run, 1, 1);
}

TEST_F(DeadlinesTest, AutoGrowsWithTheTimesThatItSees)
{
    auto deadlines = with_timeout(std::nullopt);
    for (std::uint64_t window = 0; window < 100; ++window)
        pass(deadlines, now_, {window, 1}, window % 10 == 0 ? 300 : 10);
    deadlines.enter(Phase::run, {100, 1});
    now_ += 199;
    EXPECT_FALSE(deadlines.overdue()) << "20 times 10 s, the median; not the mean";
    now_ += 2;
    auto const stall = deadlines.overdue();
    expect(stall, Phase::run, 1, 100);
    EXPECT_NEAR(stall->limit, 200, 1e-6);
}

TEST_F(DeadlinesTest, LooksAFewTimesASecondOnly)
{
    auto deadlines = with_timeout(0.1);
    EXPECT_FALSE(deadlines.overdue());
    deadlines.enter(Phase::run, {0, 1});
    now_ = 0.2;
    EXPECT_FALSE(deadlines.overdue());
    now_ = 0.26;
    EXPECT_TRUE(deadlines.overdue());
}

} // namespace distinfer::pipeline
