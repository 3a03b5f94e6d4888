#include "distinfer/core/row_set.hpp"
#include "distinfer/pipeline/rank_loop.hpp"
#include "distinfer/pipeline/root_loop.hpp"
#include "support/fakes.hpp"
#include "support/local_world.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>

namespace distinfer::pipeline
{

namespace
{

constexpr std::uint64_t total_rows = 400;
constexpr std::uint64_t window_rows = 8;
constexpr int slots = 2;
constexpr double timeout = 0.8; ///< seconds

enum class At { fetch, infer, store, sync };

/// What hangs, on which rank, and until when.
struct Hang
{
    At at = At::infer;
    int rank = 0;
    std::atomic<bool> over = false;

    void here(At where, int on) const
    {
        if (where == at && on == rank) over.wait(false);
    }

    void release()
    {
        over = true;
        over.notify_all();
    }
};

class HangingSource : public test::CountingSource
{
  public:
    HangingSource(Hang const& hang, int rank) : CountingSource(total_rows), hang_(hang), rank_(rank) {}

    void fetch(RowRange range, std::span<std::byte> wire) override
    {
        hang_.here(At::fetch, rank_);
        CountingSource::fetch(range, wire);
    }

  private:
    Hang const& hang_;
    int rank_;
};

class HangingModel : public test::BatchAwareModel
{
  public:
    HangingModel(Hang const& hang, int rank) : hang_(hang), rank_(rank) {}

    void run(std::uint64_t count, std::span<std::byte const* const> inputs,
             std::span<std::byte* const> outputs) override
    {
        hang_.here(At::infer, rank_);
        BatchAwareModel::run(count, inputs, outputs);
    }

  private:
    Hang const& hang_;
    int rank_;
};

class HangingSink : public Sink
{
  public:
    HangingSink(test::MemorySink& memory, std::uint64_t& stored, Hang const& hang, int rank)
        : memory_(memory), stored_(stored), hang_(hang), rank_(rank)
    {}

    void store(RowRange range, std::span<std::byte const> window) override
    {
        hang_.here(At::store, rank_);
        memory_.store(range, window);
        stored_ += range.size();
    }

    void sync() override { hang_.here(At::sync, rank_); }

  private:
    test::MemorySink& memory_;
    std::uint64_t& stored_;
    Hang const& hang_;
    int rank_;
};

class RowJournal : public Journal
{
  public:
    void record(std::span<RowRange const> ranges, std::span<BadRow const>) override
    {
        for (auto const& range : ranges) recorded.add(range);
    }

    void note_loss(RowRange) override {}

    RowSet recorded;
};

struct Outcomes
{
    Ending root;
    std::vector<Ending> ranks;
    std::vector<std::uint64_t> stored; ///< rows, by each rank
    std::uint64_t recorded = 0;
};

/// Runs a job of three ranks in which something hangs, until all loops have returned.
Outcomes run(Hang& hang, bool direct, double commit_interval = 1000)
{
    constexpr int ranks = 3;
    Job const job{.windows = {{total_rows, 4}, 2},
                  .inputs = PayloadLayout{{{DType::int64, {}}}},
                  .outputs = test::batch_aware_outputs(),
                  .slots = slots,
                  .direct_read = direct,
                  .direct_write = direct,
                  .commit_interval = commit_interval,
                  .stall_timeout = timeout};
    Outcomes outcomes{.ranks = std::vector<Ending>(ranks), .stored = std::vector<std::uint64_t>(ranks)};
    test::MemorySink memory{total_rows};
    RowJournal journal;
    std::latch returned{ranks};
    test::run_ranks(ranks, [&](comm::Communicator& communicator, comm::Transport& transport) {
        int const rank = communicator.rank();
        HangingSource source{hang, rank};
        test::NoDecoder decoder;
        HangingModel model{hang, rank};
        HangingSink sink{memory, outcomes.stored[static_cast<std::size_t>(rank)], hang, rank};
        Parts const parts{.decoder = decoder,
                          .model = model,
                          .source = &source,
                          .sink = &sink,
                          .journal = communicator.is_root() ? &journal : nullptr};
        // What hangs is let go before a loop waits for its threads; the program ends without that.
        auto const run_loop = [&](auto loop) {
            auto const ending = loop->run();
            returned.arrive_and_wait();
            hang.release();
            return ending;
        };
        if (communicator.is_root())
            outcomes.root = run_loop(std::make_unique<RootLoop>(job, communicator, transport, parts, nullptr));
        else
            outcomes.ranks[static_cast<std::size_t>(rank)] =
                run_loop(std::make_unique<RankLoop>(job, communicator, transport, parts));
    });
    outcomes.recorded = journal.recorded.size();
    return outcomes;
}

void expect_stall(Outcomes const& outcomes, Phase phase, int rank)
{
    ASSERT_TRUE(outcomes.root.stall);
    EXPECT_EQ(outcomes.root.stall->phase, phase);
    EXPECT_EQ(outcomes.root.stall->rank, rank);
    EXPECT_GT(outcomes.root.stall->seconds, timeout);
    EXPECT_TRUE(outcomes.root.left) << "threads are at work that nobody waits for";
    ASSERT_TRUE(outcomes.root.failure);
    EXPECT_EQ(outcomes.root.failure->code, ExitCode::interrupted);
    for (std::size_t other = 1; other < outcomes.ranks.size(); ++other) {
        EXPECT_TRUE(outcomes.ranks[other].root_is_silent) << "root has left, and has told nobody";
        EXPECT_TRUE(outcomes.ranks[other].left);
    }
}

} // namespace

/// All but the windows that the rank holds are run by the others, and recorded.
TEST(StallTest, ARankThatHangsIsNamedAndWhatTheOthersDidIsRecorded)
{
    for (bool const direct : {false, true}) {
        Hang hang{.rank = 1};
        auto const outcomes = run(hang, direct);
        expect_stall(outcomes, Phase::run, 1);
        EXPECT_LT(outcomes.root.stall->window.value(), total_rows / window_rows);
        EXPECT_EQ(outcomes.recorded, total_rows - slots * window_rows);
    }
}

TEST(StallTest, RootThatHangsIsNamedLikeAnyOther)
{
    Hang hang{.rank = 0};
    auto const outcomes = run(hang, false);
    expect_stall(outcomes, Phase::run, 0);
    EXPECT_EQ(outcomes.recorded, total_rows - slots * window_rows);
}

TEST(StallTest, AReadThatHangsIsRoots)
{
    Hang hang{.at = At::fetch, .rank = 0};
    auto const outcomes = run(hang, false);
    expect_stall(outcomes, Phase::fetch, 0);
    EXPECT_EQ(outcomes.recorded, 0U);
}

TEST(StallTest, AWriteThatHangsIsRoots)
{
    Hang hang{.at = At::store, .rank = 0};
    auto const outcomes = run(hang, false);
    expect_stall(outcomes, Phase::store, 0);
    EXPECT_EQ(outcomes.recorded, 0U);
}

/// Its own rows are not recorded, for they may not be durable; those of the others are.
TEST(StallTest, ARankThatCannotCommitIsNamed)
{
    Hang hang{.at = At::sync, .rank = 2};
    auto const outcomes = run(hang, true, 0);
    expect_stall(outcomes, Phase::commit, 2);
    EXPECT_FALSE(outcomes.root.stall->window);
    EXPECT_GT(outcomes.stored[2], 0U);
    EXPECT_EQ(outcomes.recorded, outcomes.stored[0] + outcomes.stored[1]);
}

} // namespace distinfer::pipeline
