#include "distinfer/comm/rank_lost.hpp"
#include "distinfer/pipeline/farewell.hpp"
#include "distinfer/pipeline/rank_loop.hpp"
#include "distinfer/pipeline/root_loop.hpp"
#include "support/fakes.hpp"
#include "support/local_world.hpp"
#include "unit/pipeline/disk.hpp"

#include <gtest/gtest.h>

#include <random>

namespace distinfer::pipeline
{

namespace
{

constexpr std::uint64_t rows = 300;

struct Setting
{
    int ranks = 4;
    bool direct_read = false;
    bool direct_write = false;
    plan::Schedule schedule = plan::Schedule::dynamic;
    test::Deaths deaths;
    std::vector<RowRange> lost_before;
};

struct Outcomes
{
    test::Disk disk;
    test::MemorySink memory{rows};
    Ending ending; ///< root's
    std::vector<std::string> reports;
    int ended = 0;    ///< ranks that heard root's last word
    int orphaned = 0; ///< ranks that lost root
};

/// A rank's part of a job, to its last word.
void take_part(Job const& job, Parts const& parts, comm::Communicator& communicator, comm::Transport& transport,
               Outcomes& outcomes)
{
    if (communicator.is_root()) {
        outcomes.ending = RootLoop{job, communicator, transport, parts, {}}.run();
        Farewell farewell{communicator, outcomes.ending.lost};
        outcomes.reports = farewell.collect("0");
        return farewell.tell(outcomes.ending.failure.value_or(Failure{ExitCode::done, {}}));
    }
    bool orphaned = false;
    try {
        RankLoop{job, communicator, transport, parts}.run();
        Farewell{communicator, {}}.report(std::to_string(communicator.rank()));
    } catch (comm::RankLost const&) {
        orphaned = true;
    }
    std::lock_guard const lock{outcomes.disk.mutex};
    ++(orphaned ? outcomes.orphaned : outcomes.ended);
}

void run(Setting const& setting, Outcomes& outcomes)
{
    Job const job{.windows = plan::WindowPlan{{rows, 4}, 2},
                  .inputs = PayloadLayout{{{DType::int64, {}}}},
                  .outputs = test::batch_aware_outputs(),
                  .schedule = setting.schedule,
                  .slots = 2,
                  .direct_read = setting.direct_read,
                  .direct_write = setting.direct_write,
                  .commit_interval = 0.001};
    auto const body = [&](comm::Communicator& communicator, comm::Transport& transport) {
        test::CountingSource source{rows};
        test::NoDecoder decoder;
        test::BatchAwareModel model;
        test::RankSink sink{outcomes.memory, outcomes.disk};
        test::DiskJournal journal{outcomes.disk};
        Parts const parts{.decoder = decoder,
                          .model = model,
                          .source = &source,
                          .sink = &sink,
                          .journal = communicator.is_root() ? &journal : nullptr,
                          .lost_before = setting.lost_before};
        take_part(job, parts, communicator, transport, outcomes);
    };
    test::run_ranks(setting.ranks, body, setting.deaths);
}

Setting drawn(std::mt19937& random)
{
    auto const draw = [&](int from, int to) { return std::uniform_int_distribution{from, to}(random); };
    return {.ranks = draw(2, 5),
            .direct_read = draw(0, 1) == 1,
            .direct_write = draw(0, 1) == 1,
            .schedule = draw(0, 1) ? plan::Schedule::dynamic : plan::Schedule::static_blocks};
}

} // namespace

/// Any ranks but root die, at any of their calls; down to root alone.
TEST(LossesTest, TheOthersRunWhatLostRanksHeld)
{
    std::mt19937 random{31};
    int lost = 0;
    for (int round = 0; round < 400; ++round) {
        auto setting = drawn(random);
        for (int rank = 1; rank < setting.ranks; ++rank)
            if (random() % 3 > 0) setting.deaths[rank] = std::uniform_int_distribution<std::uint64_t>{0, 120}(random);
        SCOPED_TRACE(testing::Message() << "round " << round);
        Outcomes outcomes;
        run(setting, outcomes);
        lost += static_cast<int>(outcomes.ending.lost.size());
        if (outcomes.ending.failure) { // the same rows may meet three deaths by chance
            EXPECT_GE(outcomes.disk.losses.size(), 3U) << outcomes.ending.failure->message;
            continue;
        }
        EXPECT_EQ(outcomes.disk.recorded.missing(rows), std::vector<RowRange>{});
        EXPECT_EQ(outcomes.disk.recorded_too_early, 0);
        EXPECT_EQ(outcomes.disk.recorded_twice, 0);
        for (std::uint64_t row = 0; row < rows; ++row) {
            ASSERT_GE(outcomes.memory.times_stored[row], 1) << row;
            ASSERT_EQ(outcomes.memory.values[row], test::BatchAwareModel::expected(row, 4)) << row;
        }
    }
    EXPECT_GT(lost, 300);
}

TEST(LossesTest, RanksFindOutThatRootIsLost)
{
    std::mt19937 random{32};
    int orphaned = 0;
    for (int round = 0; round < 150; ++round) {
        auto setting = drawn(random);
        setting.deaths[0] = std::uniform_int_distribution<std::uint64_t>{0, 300}(random);
        Outcomes outcomes;
        run(setting, outcomes);
        EXPECT_EQ(outcomes.orphaned + outcomes.ended, setting.ranks - 1);
        EXPECT_EQ(outcomes.disk.recorded_too_early, 0);
        orphaned += outcomes.orphaned;
    }
    EXPECT_GT(orphaned, 100);
}

/// Two ranks died at all rows before; rank 1 dies at some call, mostly with a window.
TEST(LossesTest, RowsThatEndRankAfterRankStopTheJobAndAreNamed)
{
    int stopped = 0;
    for (std::uint64_t calls = 5; calls < 60; ++calls) {
        Outcomes outcomes;
        run({.ranks = 2, .deaths = {{1, calls}}, .lost_before = {{0, rows}, {0, rows}}}, outcomes);
        if (outcomes.disk.losses.empty()) continue; // it had nothing then
        ++stopped;
        ASSERT_TRUE(outcomes.ending.failure);
        EXPECT_EQ(outcomes.ending.failure->code, ExitCode::model);
        auto const named = to_string(outcomes.disk.losses.front()) + " ended the rank that ran them, 3 times";
        EXPECT_TRUE(outcomes.ending.failure->message.starts_with(named)) << outcomes.ending.failure->message;
    }
    EXPECT_GT(stopped, 0);
}

TEST(LossesTest, EveryRankThatIsLeftReportsAndHearsTheEnd)
{
    Outcomes outcomes;
    run({.ranks = 4, .deaths = {{2, 40}}}, outcomes);
    EXPECT_FALSE(outcomes.ending.failure);
    EXPECT_EQ(outcomes.ending.lost, std::vector<int>{2});
    EXPECT_EQ(outcomes.reports, (std::vector<std::string>{"0", "1", "", "3"}));
    EXPECT_EQ(outcomes.ended, 2);
}

} // namespace distinfer::pipeline
