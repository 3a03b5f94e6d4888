#include "distinfer/core/error.hpp"
#include "distinfer/plan/dispatcher.hpp"

#include <gtest/gtest.h>

#include <algorithm>
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
    dispatcher.finished(1);
    EXPECT_EQ(dispatcher.next(), (Assignment{2, 1}));
    dispatcher.finished(1);
    EXPECT_EQ(dispatcher.next(), (Assignment{3, 1}));
}

TEST(DispatcherTest, StaticGivesEachRankItsBlock)
{
    Dispatcher dispatcher{5, 2, 1, Schedule::static_blocks};
    EXPECT_EQ(dispatcher.next(), (Assignment{0, 0}));
    EXPECT_EQ(dispatcher.next(), (Assignment{3, 1}));
    dispatcher.finished(1);
    EXPECT_EQ(dispatcher.next(), (Assignment{4, 1}));
    dispatcher.finished(1);
    EXPECT_EQ(dispatcher.next(), std::nullopt);
    EXPECT_FALSE(dispatcher.done());
    dispatcher.finished(0);
    EXPECT_EQ(dispatcher.next(), (Assignment{1, 0}));
}

TEST(DispatcherTest, NothingIsAssignedAfterAStopAndWhatRunsIsAwaited)
{
    Dispatcher dispatcher{10, 2, 1, Schedule::dynamic};
    dispatcher.next();
    dispatcher.stop();
    EXPECT_EQ(dispatcher.next(), std::nullopt);
    EXPECT_FALSE(dispatcher.done());
    dispatcher.finished(0);
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
    EXPECT_THROW(dispatcher.finished(0), InternalError);
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
        std::vector<int> holders;
        while (!dispatcher.done()) {
            while (auto const assignment = dispatcher.next()) {
                EXPECT_TRUE(assigned.insert(assignment->window).second);
                holders.push_back(assignment->rank);
                EXPECT_LE(std::count(holders.begin(), holders.end(), assignment->rank), slots);
            }
            ASSERT_FALSE(holders.empty());
            std::swap(holders[static_cast<std::size_t>(draw(0, static_cast<int>(holders.size()) - 1))], holders.back());
            dispatcher.finished(holders.back());
            holders.pop_back();
        }
        EXPECT_EQ(assigned.size(), windows);
    }
}

} // namespace distinfer::plan
