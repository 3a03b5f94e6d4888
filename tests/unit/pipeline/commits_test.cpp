#include "support/fakes.hpp"
#include "support/local_world.hpp"
#include "unit/pipeline/disk.hpp"
#include "unit/pipeline/run_loop.hpp"

#include <gtest/gtest.h>

#include <atomic>

namespace distinfer::pipeline
{

namespace
{

constexpr std::uint64_t rows = 400;

/// When a job is asked to drain: once its models have seen that many rows. They wait until it was asked.
struct Moment
{
    std::uint64_t rows = UINT64_MAX;
    std::atomic<std::uint64_t> seen = 0;
    std::atomic<bool> asked = false;
};

class AskAt : public InterruptSource
{
  public:
    AskAt(Moment& moment, bool asks) : moment_(moment), asks_(asks) {}

    Interrupt now() override
    {
        if (!asks_ || moment_.seen < moment_.rows) return Interrupt::none;
        moment_.asked = true;
        moment_.asked.notify_all();
        return Interrupt::drain;
    }

  private:
    Moment& moment_;
    bool asks_;
};

class WatchedModel : public test::BatchAwareModel
{
  public:
    explicit WatchedModel(Moment& moment) : moment_(moment) {}

    void run(std::uint64_t count, std::span<std::byte const* const> inputs,
             std::span<std::byte* const> outputs) override
    {
        test::BatchAwareModel::run(count, inputs, outputs);
        moment_.seen += count;
        if (moment_.seen >= moment_.rows) moment_.asked.wait(false);
    }

  private:
    Moment& moment_;
};

struct Setting
{
    int ranks = 3;
    bool direct = false;
    double interval = 0;
    std::uint64_t ask_after = UINT64_MAX;
    int asked_rank = 0; ///< the only one that is asked
    bool journal_fails = false;
    std::vector<RowRange> left{{0, rows}};
};

struct Outcomes
{
    test::Disk disk;
    test::MemorySink memory{rows};
    std::vector<Ending> endings;
};

void run(Setting const& setting, Outcomes& outcomes)
{
    outcomes.endings.resize(static_cast<std::size_t>(setting.ranks));
    Job const job{.windows = plan::WindowPlan{{rows, 4}, 2, setting.left},
                  .inputs = PayloadLayout{{{DType::int64, {}}}},
                  .outputs = test::batch_aware_outputs(),
                  .slots = 2,
                  .direct_read = setting.direct,
                  .direct_write = setting.direct,
                  .commit_interval = setting.interval};
    Moment moment;
    moment.rows = setting.ask_after;
    test::run_ranks(setting.ranks, [&](comm::Communicator& communicator, comm::Transport& transport) {
        test::CountingSource source{rows};
        test::NoDecoder decoder;
        WatchedModel model{moment};
        test::RankSink sink{outcomes.memory, outcomes.disk};
        test::DiskJournal journal{outcomes.disk, setting.journal_fails};
        AskAt interrupts{moment, communicator.rank() == setting.asked_rank};
        Parts const parts{.decoder = decoder,
                          .model = model,
                          .source = &source,
                          .sink = &sink,
                          .journal = communicator.is_root() ? &journal : nullptr,
                          .interrupts = &interrupts};
        outcomes.endings[static_cast<std::size_t>(communicator.rank())] =
            test::run_loop(job, communicator, transport, parts);
    });
}

std::vector<Setting> settings()
{
    std::vector<Setting> found;
    for (int const ranks : {1, 2, 4})
        for (bool const direct : {false, true})
            for (double const interval : {0.0, 1000.0})
                found.push_back({.ranks = ranks, .direct = direct, .interval = interval});
    return found;
}

} // namespace

TEST(CommitsTest, EveryRowIsRecordedOnceAndOnlyWhenItIsDurable)
{
    for (auto const& setting : settings()) {
        Outcomes outcomes;
        run(setting, outcomes);
        for (auto const& ending : outcomes.endings) EXPECT_FALSE(ending.failure);
        EXPECT_EQ(outcomes.disk.recorded.missing(rows), std::vector<RowRange>{});
        EXPECT_EQ(outcomes.disk.recorded_too_early, 0);
        EXPECT_EQ(outcomes.disk.recorded_twice, 0);
    }
}

TEST(CommitsTest, OnlyWhatIsLeftIsRun)
{
    std::vector<RowRange> const left{{0, 4}, {40, 100}, {396, 400}};
    for (auto setting : settings()) {
        setting.left = left;
        Outcomes outcomes;
        run(setting, outcomes);
        EXPECT_EQ(outcomes.disk.recorded.ranges(), left);
        for (std::uint64_t row = 0; row < rows; ++row) {
            bool const is_left = row < 4 || (row >= 40 && row < 100) || row >= 396;
            EXPECT_EQ(outcomes.memory.times_stored[row], is_left ? 1 : 0) << row;
            if (!is_left) continue;
            EXPECT_EQ(outcomes.memory.values[row], test::BatchAwareModel::expected(row, 4)) << row;
        }
    }
}

/// Whoever is asked: what ran is stored and recorded, nothing else is, and every rank ends alike.
TEST(CommitsTest, ADrainRecordsWhatRan)
{
    for (auto setting : settings()) {
        for (int asked = 0; asked < setting.ranks; ++asked) {
            setting.ask_after = 30;
            setting.asked_rank = asked;
            Outcomes outcomes;
            run(setting, outcomes);
            for (auto const& ending : outcomes.endings) {
                ASSERT_TRUE(ending.failure);
                EXPECT_EQ(ending.failure->code, ExitCode::interrupted);
                EXPECT_FALSE(ending.left);
            }
            EXPECT_LT(outcomes.disk.recorded.size(), rows);
            EXPECT_EQ(outcomes.disk.recorded_too_early, 0);
            for (std::uint64_t row = 0; row < rows; ++row)
                EXPECT_EQ(outcomes.memory.times_stored[row], outcomes.disk.recorded.contains({row, row + 1}) ? 1 : 0);
        }
    }
}

/// A time limit that the setup has used up.
TEST(CommitsTest, AJobThatIsAskedToEndBeforeItBeginsRunsNothing)
{
    for (auto setting : settings()) {
        setting.ask_after = 0;
        Outcomes outcomes;
        run(setting, outcomes);
        for (auto const& ending : outcomes.endings) {
            ASSERT_TRUE(ending.failure);
            EXPECT_EQ(ending.failure->code, ExitCode::interrupted);
        }
        EXPECT_EQ(outcomes.memory.times_stored, std::vector<int>(rows, 0));
    }
}

TEST(CommitsTest, AJournalThatFailsEndsEveryRankAlike)
{
    for (auto setting : settings()) {
        setting.journal_fails = true;
        Outcomes outcomes;
        run(setting, outcomes);
        for (auto const& ending : outcomes.endings)
            EXPECT_EQ(ending.failure, (Failure{ExitCode::output, "the disk is full"}));
        EXPECT_EQ(outcomes.disk.recorded.size(), 0U);
    }
}

} // namespace distinfer::pipeline
