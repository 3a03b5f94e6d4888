#include "distinfer/core/error.hpp"
#include "unit/lane/fake_job.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace distinfer::lane
{

namespace
{

using test::FakeDevice;

/// Runs all batches of a job, by threads that take one after the other.
void run_all(FakeJob& job, FakeDevice& device, Lanes& lanes, int threads)
{
    std::atomic<std::uint64_t> next = 0;
    std::vector<std::jthread> running;
    for (int i = 0; i < threads; ++i)
        running.emplace_back([&] {
            for (auto batch = next++; batch < job.batches(); batch = next++) job.run(device, lanes, batch);
        });
}

/// What a model gives that names its inputs as its results.
std::vector<std::byte const*> same(std::span<std::byte* const> inputs)
{
    return {inputs.begin(), inputs.end()};
}

std::vector<std::byte> some_bytes(std::size_t bytes)
{
    std::vector<std::byte> result(bytes);
    for (std::size_t i = 0; i < bytes; ++i) result[i] = static_cast<std::byte>(i + bytes);
    return result;
}

/// What a batch of one input becomes.
std::vector<std::byte> run_one(Lanes& lanes, std::vector<std::byte> const& input, Work const& work = same)
{
    std::vector<std::byte> output(input.size());
    lanes.run(std::vector<HostInput>{input}, std::vector<HostOutput>{output}, work);
    return output;
}

} // namespace

TEST(LanesTest, ThreadsOverLanesGiveWhatAPlainLoopGives)
{
    for (std::uint64_t seed = 0; seed < 60; ++seed)
        for (int const count : {1, 2, 3}) {
            FakeDevice device{seed};
            Lanes lanes{device, count};
            FakeJob job{101, 4};
            run_all(job, device, lanes, 4);
            EXPECT_TRUE(job.is_right()) << "seed " << seed << ", " << count << " lanes";
            EXPECT_EQ(device.uses_of_freed_memory(), 0);
        }
}

TEST(LanesTest, TheNextBatchIsCopiedWhileOneIsComputed)
{
    FakeDevice device{1};
    Lanes lanes{device, 2};
    auto const input = some_bytes(10);
    std::atomic<int> computed = 0;
    auto const work = [&](std::span<std::byte* const> inputs) {
        // Would wait for ever where the other thread could not copy before this one is done.
        if (computed++ == 0)
            while (device.copies_given() < 2) std::this_thread::yield();
        return same(inputs);
    };
    std::jthread const other{[&] { EXPECT_EQ(run_one(lanes, input, work), input); }};
    EXPECT_EQ(run_one(lanes, input, work), input);
}

TEST(LanesTest, OneBatchIsComputedAtATime)
{
    FakeDevice device{2};
    Lanes lanes{device, 3};
    std::atomic<int> inside = 0;
    auto const work = [&](std::span<std::byte* const> inputs) {
        EXPECT_EQ(++inside, 1);
        std::this_thread::yield();
        --inside;
        return same(inputs);
    };
    std::vector<std::jthread> threads;
    for (int i = 0; i < 3; ++i)
        threads.emplace_back([&] {
            for (int batch = 0; batch < 50; ++batch) run_one(lanes, some_bytes(8), work);
        });
}

TEST(LanesTest, NothingIsAllocatedAfterTheFirstBatch)
{
    FakeDevice device{3};
    Lanes lanes{device, 3};
    run_one(lanes, some_bytes(100));
    auto const allocations = device.allocations();
    for (std::size_t const bytes : {100U, 100U, 7U, 100U, 99U})
        EXPECT_EQ(run_one(lanes, some_bytes(bytes)), some_bytes(bytes));
    EXPECT_EQ(device.allocations(), allocations);
}

TEST(LanesTest, ALargerBatchIsGivenMoreRoom)
{
    FakeDevice device{4};
    Lanes lanes{device, 1};
    for (std::size_t const bytes : {10U, 1000U, 3U, 5000U})
        EXPECT_EQ(run_one(lanes, some_bytes(bytes)), some_bytes(bytes));
    EXPECT_EQ(device.uses_of_freed_memory(), 0);
}

TEST(LanesTest, RowsOfNoBytesAreNoMatter)
{
    FakeDevice device{5};
    Lanes lanes{device, 1};
    EXPECT_EQ(run_one(lanes, {}), some_bytes(0));
    EXPECT_EQ(device.copies_given(), 0);
}

TEST(LanesTest, AfterABatchThatFailedTheLaneGoesOn)
{
    FakeDevice device{6};
    Lanes lanes{device, 1};
    auto const failing = [](auto) -> std::vector<std::byte const*> { throw ModelError("the model failed"); };
    for (int i = 0; i < 3; ++i) {
        EXPECT_THROW(run_one(lanes, some_bytes(20), failing), ModelError);
        EXPECT_EQ(run_one(lanes, some_bytes(20)), some_bytes(20));
    }
}

} // namespace distinfer::lane
