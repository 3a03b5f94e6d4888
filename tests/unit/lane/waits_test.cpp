// That every wait of a lane is needed, and that a test would show where one is missing.
#include "unit/lane/fake_job.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace distinfer::lane
{

namespace
{

using test::FakeDevice;
using test::Wait;

constexpr std::uint64_t seeds = 200;

std::set<Wait> const all_waits{
    {Stream::copy_in, Stream::compute}, {Stream::compute, Stream::copy_out}, {Stream::copy_out, {}}};

/// Whether a job of 21 rows in batches of 4 comes out right, batch after batch.
bool is_right(FakeDevice& device)
{
    FakeJob job{21, 4};
    Lanes lanes{device, 2};
    for (std::uint64_t batch = 0; batch < job.batches(); ++batch) job.run(device, lanes, batch);
    return job.is_right() && device.uses_of_freed_memory() == 0;
}

/// Whether a device has nothing left to do of a batch that failed, when its memory is freed.
/// @param launches whether the model fails after it has given the device something to do
bool leaves_nothing(FakeDevice& device, bool launches)
{
    std::vector<std::byte> const rows(64);
    std::vector<HostInput> const inputs{rows, rows};
    {
        Lanes lanes{device, 1};
        std::vector<Memory> results;
        auto const work = [&](std::span<std::byte* const> in) -> std::vector<std::byte const*> {
            if (launches) FakeJob::launch(device, 8, in, results);
            throw std::runtime_error("the model failed");
        };
        EXPECT_THROW(lanes.run(inputs, {}, work), std::runtime_error);
    }
    device.finish();
    return device.uses_of_freed_memory() == 0;
}

/// For how many seeds something holds.
template <class Holds>
std::uint64_t count_seeds(Holds const& holds)
{
    std::uint64_t count = 0;
    for (std::uint64_t seed = 0; seed < seeds; ++seed)
        if (holds(seed)) ++count;
    return count;
}

} // namespace

TEST(WaitsTest, WithAllWaitsEveryOrderGivesTheRightResults)
{
    EXPECT_EQ(count_seeds([](auto seed) {
                  FakeDevice device{seed};
                  return is_right(device) && device.waits() == all_waits;
              }),
              seeds);
}

TEST(WaitsTest, WithoutAnyOneOfThemSomeOrderGivesWrongResults)
{
    for (auto const& wait : all_waits)
        EXPECT_LT(count_seeds([&](auto seed) {
                      FakeDevice device{seed, wait};
                      return is_right(device);
                  }),
                  seeds);
}

TEST(WaitsTest, WithAllWaitsNothingIsLeftOfABatchThatFailed)
{
    for (bool const launches : {false, true})
        EXPECT_EQ(count_seeds([&](auto seed) {
                      FakeDevice device{seed};
                      return leaves_nothing(device, launches);
                  }),
                  seeds);
}

TEST(WaitsTest, WithoutAnyOneOfThemSomethingIsLeftOfABatchThatFailed)
{
    for (auto const& wait : all_waits)
        EXPECT_LT(count_seeds([&](auto seed) {
                      FakeDevice device{seed, wait};
                      return leaves_nothing(device, true);
                  }),
                  seeds);
}

} // namespace distinfer::lane
