#include "distinfer/core/error.hpp"
#include "distinfer/plan/dispatcher.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <set>

namespace distinfer::plan
{

TEST(DispatcherTest, EveryRankGetsItsFirstWindowBeforeAnyGetsItsSecond)
{
    Dispatcher dispatcher{10, 3, 2, Schedule::dynamic};
    for (int i = 0; i < 6; ++i) EXPECT_EQ(dispatcher.next()->rank, i % 3);
    EXPECT_EQ(dispatcher.next(), std::nullopt);
    EXPECT_EQ(dispatcher.in_flight(), 6U);
}

TEST(DispatcherTest, DynamicGivesTheNextWindowToWhoeverIsFree)
{
    Dispatcher dispatcher{4, 2, 1, Schedule::dynamic};
    dispatcher.next();
    dispatcher.next();
    dispatcher.finished({1, 1});
    EXPECT_EQ(dispatcher.next(), (Assignment{2, 1}));
    dispatcher.finished({2, 1});
    EXPECT_EQ(dispatcher.next(), (Assignment{3, 1}));
}

TEST(DispatcherTest, StaticGivesEachRankItsBlock)
{
    Dispatcher dispatcher{5, 2, 1, Schedule::static_blocks};
    EXPECT_EQ(dispatcher.next(), (Assignment{0, 0}));
    EXPECT_EQ(dispatcher.next(), (Assignment{3, 1}));
    dispatcher.finished({3, 1});
    EXPECT_EQ(dispatcher.next(), (Assignment{4, 1}));
    dispatcher.finished({4, 1});
    EXPECT_EQ(dispatcher.next(), std::nullopt);
    EXPECT_FALSE(dispatcher.done());
    dispatcher.finished({0, 0});
    EXPECT_EQ(dispatcher.next(), (Assignment{1, 0}));
}

TEST(DispatcherTest, NothingIsAssignedAfterAStopAndWhatRunsIsAwaited)
{
    Dispatcher dispatcher{10, 2, 1, Schedule::dynamic};
    dispatcher.next();
    dispatcher.stop();
    EXPECT_EQ(dispatcher.next(), std::nullopt);
    EXPECT_FALSE(dispatcher.done());
    dispatcher.finished({0, 0});
    EXPECT_TRUE(dispatcher.done());
}

TEST(DispatcherTest, NoWindowsIsDoneAtOnce)
{
    EXPECT_TRUE(Dispatcher(0, 4, 3, Schedule::dynamic).done());
    EXPECT_TRUE(Dispatcher(0, 4, 3, Schedule::static_blocks).done());
}

TEST(DispatcherTest, AWindowGivenBackTwiceIsABug)
{
    Dispatcher dispatcher{1, 1, 1, Schedule::dynamic};
    EXPECT_THROW(dispatcher.finished({0, 0}), InternalError);
}

TEST(DispatcherTest, EveryWindowExactlyOnceInAnyOrderOfReturns)
{
    std::mt19937 random{7};
    auto const draw = [&](int from, int to) { return std::uniform_int_distribution{from, to}(random); };
    for (int round = 0; round < 300; ++round) {
        auto const windows = static_cast<std::uint64_t>(draw(0, 40));
        int const slots = draw(1, 4);
        auto const schedule = draw(0, 1) ? Schedule::dynamic : Schedule::static_blocks;
        Dispatcher dispatcher{windows, draw(1, 6), slots, schedule};
        std::set<std::uint64_t> assigned;
        std::vector<Assignment> holders;
        while (!dispatcher.done()) {
            while (auto const assignment = dispatcher.next()) {
                EXPECT_TRUE(assigned.insert(assignment->window).second);
                holders.push_back(*assignment);
                EXPECT_LE(std::ranges::count(holders, assignment->rank, &Assignment::rank), slots);
            }
            ASSERT_FALSE(holders.empty());
            std::swap(holders[static_cast<std::size_t>(draw(0, static_cast<int>(holders.size()) - 1))], holders.back());
            dispatcher.finished(holders.back());
            holders.pop_back();
        }
        EXPECT_EQ(assigned.size(), windows);
    }
}

TEST(DispatcherTest, WhatALostRankHeldIsAssignedToOthersBeforeAnythingElse)
{
    Dispatcher dispatcher{10, 2, 2, Schedule::dynamic};
    for (int i = 0; i < 4; ++i) dispatcher.next();
    EXPECT_EQ(dispatcher.lost(1), (std::vector<std::uint64_t>{1, 3}));
    EXPECT_EQ(dispatcher.next(), std::nullopt);
    dispatcher.finished({0, 0});
    EXPECT_EQ(dispatcher.next(), (Assignment{1, 0}));
    dispatcher.finished({2, 0});
    EXPECT_EQ(dispatcher.next(), (Assignment{3, 0}));
    dispatcher.finished({1, 0});
    EXPECT_EQ(dispatcher.next(), (Assignment{4, 0}));
}

TEST(DispatcherTest, RanksThatHadNothingLeftTakeTheBlockOfALostOne)
{
    Dispatcher dispatcher{4, 2, 1, Schedule::static_blocks};
    dispatcher.next();
    dispatcher.next();
    dispatcher.finished({0, 0});
    EXPECT_EQ(dispatcher.next(), (Assignment{1, 0}));
    dispatcher.finished({1, 0});
    EXPECT_EQ(dispatcher.next(), std::nullopt);
    dispatcher.lost(1);
    EXPECT_EQ(dispatcher.next(), (Assignment{2, 0}));
    dispatcher.finished({2, 0});
    EXPECT_EQ(dispatcher.next(), (Assignment{3, 0}));
    EXPECT_FALSE(dispatcher.done());
    dispatcher.finished({3, 0});
    EXPECT_TRUE(dispatcher.done());
}

namespace
{

using Draw = std::function<int(int from, int to)>;

/// The next that happens to windows that ranks hold: a rank is lost, a window has to be run again, or one is finished.
void let_something_happen(Dispatcher& dispatcher, std::vector<Assignment>& held, std::set<std::uint64_t>& finished,
                          int ranks, Draw const& draw)
{
    if (int const rank = draw(0, 30); rank > 0 && rank < ranks && !dispatcher.is_lost(rank)) {
        dispatcher.lost(rank);
        std::erase_if(held, [&](auto const& h) { return h.rank == rank; });
        return;
    }
    if (draw(0, 9) == 0 && !finished.empty()) {
        dispatcher.again(*finished.begin());
        finished.erase(finished.begin());
        return;
    }
    ASSERT_FALSE(held.empty());
    std::swap(held[static_cast<std::size_t>(draw(0, static_cast<int>(held.size()) - 1))], held.back());
    dispatcher.finished(held.back());
    EXPECT_TRUE(finished.insert(held.back().window).second);
    held.pop_back();
}

} // namespace

/// Ranks are lost at any time, and windows of theirs that were finished have to be run again; rank 0 stays.
TEST(DispatcherTest, EveryWindowIsFinishedWhateverIsLost)
{
    std::mt19937 random{11};
    auto const draw = [&](int from, int to) { return std::uniform_int_distribution{from, to}(random); };
    for (int round = 0; round < 500; ++round) {
        auto const windows = static_cast<std::uint64_t>(draw(0, 40));
        int const ranks = draw(1, 6);
        Dispatcher dispatcher{windows, ranks, draw(1, 4), draw(0, 1) ? Schedule::dynamic : Schedule::static_blocks};
        std::vector<Assignment> held;
        std::set<std::uint64_t> finished;
        while (!dispatcher.done()) {
            while (auto const assignment = dispatcher.next()) {
                ASSERT_FALSE(dispatcher.is_lost(assignment->rank));
                held.push_back(*assignment);
            }
            let_something_happen(dispatcher, held, finished, ranks, draw);
            if (HasFatalFailure()) return;
        }
        EXPECT_EQ(finished.size(), windows);
    }
}

} // namespace distinfer::plan
