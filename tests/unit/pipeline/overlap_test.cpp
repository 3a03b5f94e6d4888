#include "distinfer/pipeline/rank_loop.hpp"
#include "distinfer/pipeline/root_loop.hpp"
#include "support/fakes.hpp"
#include "support/local_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace distinfer::pipeline
{

namespace
{

/// How far the stages of a job have come; a thread can wait for another to get somewhere.
class Milestones
{
  public:
    void reach(std::uint64_t Milestones::*count)
    {
        std::lock_guard const lock{mutex_};
        ++(this->*count);
        changed_.notify_all();
    }

    /// Whether the count got there within ten seconds.
    bool wait_for(std::uint64_t Milestones::*count, std::uint64_t wanted)
    {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, std::chrono::seconds{10}, [&] { return this->*count >= wanted; });
    }

    std::uint64_t fetched = 0;
    std::uint64_t stored = 0;

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
};

class CountedSource : public test::CountingSource
{
  public:
    CountedSource(std::uint64_t rows, Milestones& milestones) : CountingSource(rows), milestones_(milestones) {}

    void fetch(RowRange rows, std::span<std::byte> window) override
    {
        CountingSource::fetch(rows, window);
        milestones_.reach(&Milestones::fetched);
    }

  private:
    Milestones& milestones_;
};

class CountedSink : public test::MemorySink
{
  public:
    CountedSink(std::uint64_t rows, Milestones& milestones) : MemorySink(rows), milestones_(milestones) {}

    void store(RowRange rows, std::span<std::byte const> window) override
    {
        MemorySink::store(rows, window);
        milestones_.reach(&Milestones::stored);
    }

  private:
    Milestones& milestones_;
};

/// Does not finish its window before the next is fetched and the one before is stored: with one rank computing at a
/// time, that can only be if both happen while it runs.
class DemandingModel : public test::BatchAwareModel
{
  public:
    DemandingModel(std::uint64_t windows, Milestones& milestones) : windows_(windows), milestones_(milestones) {}

    void run(std::uint64_t rows, std::span<std::byte const* const> inputs, std::span<std::byte* const> outputs) override
    {
        EXPECT_TRUE(milestones_.wait_for(&Milestones::fetched, std::min(windows_, runs_ + 2)));
        EXPECT_TRUE(milestones_.wait_for(&Milestones::stored, runs_));
        ++runs_;
        BatchAwareModel::run(rows, inputs, outputs);
    }

  private:
    std::uint64_t windows_;
    Milestones& milestones_;
    std::uint64_t runs_ = 0;
};

/// Has three lanes, and lets no batch go on before so many are in it at once.
class MeetingModel : public test::BatchAwareModel
{
  public:
    explicit MeetingModel(int wanted) : wanted_(wanted) { lane_count = 3; }

    void run(std::uint64_t rows, std::span<std::byte const* const> inputs, std::span<std::byte* const> outputs) override
    {
        meet();
        BatchAwareModel::run(rows, inputs, outputs);
    }

  private:
    void meet()
    {
        std::unique_lock lock{mutex_};
        auto const meeting = meetings_;
        if (++here_ == wanted_) {
            here_ = 0;
            ++meetings_;
            complete_.notify_all();
        }
        EXPECT_TRUE(complete_.wait_for(lock, std::chrono::seconds{10}, [&] { return meetings_ != meeting; }));
    }

    int wanted_;
    std::mutex mutex_;
    std::condition_variable complete_;
    int here_ = 0;
    int meetings_ = 0;
};

/// Counts how often the loop looks for messages, and makes it the only rank that computes.
class WatchedCommunicator : public test::LocalCommunicator
{
  public:
    using LocalCommunicator::LocalCommunicator;

    std::optional<comm::Message> poll() override
    {
        ++polls;
        return LocalCommunicator::poll();
    }

    int polls = 0;
};

Job job_of(std::uint64_t rows, int slots)
{
    return {.windows = {{rows, 1}, 1},
            .inputs = PayloadLayout{{{DType::int64, {}}}},
            .outputs = test::batch_aware_outputs(),
            .slots = slots};
}

/// A model that takes long and does nothing.
class SlowModel : public test::BatchAwareModel
{
  public:
    void run(std::uint64_t rows, std::span<std::byte const* const> inputs, std::span<std::byte* const> outputs) override
    {
        std::this_thread::sleep_for(std::chrono::milliseconds{500});
        BatchAwareModel::run(rows, inputs, outputs);
    }
};

} // namespace

TEST(OverlapTest, TheNextWindowIsThereAndTheLastIsStoredWhileABatchRuns)
{
    Milestones milestones;
    CountedSource source{12, milestones};
    CountedSink sink{12, milestones};
    DemandingModel model{12, milestones};
    test::NoDecoder decoder;
    auto const job = job_of(12, 2);
    test::run_ranks(1, [&](comm::Communicator& communicator, comm::Transport& transport) {
        EXPECT_FALSE(RootLoop(job, communicator, transport, {decoder, model, &source, &sink}, {}).run().failure);
    });
    for (int const times : sink.times_stored) EXPECT_EQ(times, 1);
}

TEST(OverlapTest, EachLaneOfTheModelHasAWindowWhereTheRankMayHoldSoMany)
{
    for (int const slots : {1, 2, 3, 6}) {
        constexpr std::uint64_t rows = 24;
        test::CountingSource source{rows};
        test::MemorySink sink{rows};
        MeetingModel model{std::min(slots, 3)};
        test::NoDecoder decoder;
        auto const job = job_of(rows, slots);
        test::run_ranks(1, [&](comm::Communicator& communicator, comm::Transport& transport) {
            EXPECT_FALSE(RootLoop(job, communicator, transport, {decoder, model, &source, &sink}, {}).run().failure);
        });
        for (std::uint64_t row = 0; row < rows; ++row)
            EXPECT_EQ(sink.values[row], test::BatchAwareModel::expected(row, 1));
    }
}

TEST(OverlapTest, TheThreadThatCallsMpiDoesNotSpinWhileTheModelRuns)
{
    auto const job = job_of(1, 1);
    test::CountingSource source{1};
    test::MemorySink sink{1};
    SlowModel model;
    test::NoDecoder decoder;
    test::PostOffice office{1};
    test::Life life{office, 0, UINT64_MAX};
    WatchedCommunicator communicator{office, 0, life};
    test::LocalTransport transport{office, 0, life};
    EXPECT_FALSE(RootLoop(job, communicator, transport, {decoder, model, &source, &sink}, {}).run().failure);
    // At most one look every half millisecond once nothing happens; a loop that spins looks millions of times.
    EXPECT_LT(communicator.polls, 3000);
}

} // namespace distinfer::pipeline
