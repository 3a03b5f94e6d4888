#include "carrier.hpp"
#include "support/fake_device.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace distinfer::model
{

namespace
{

std::vector<TensorSpec> const a_number_and_three{{DType::float32, {}}, {DType::int16, {3}}};

/// Copies as late as FakeDevice does; what LibTorch computes is on the host, once the compute stream has come to it.
class HostComputer : public test::FakeDevice
{
  public:
    using FakeDevice::FakeDevice;

    void compute(std::function<void()> const& work) override
    {
        auto const event = this->event();
        event->record(lane::Stream::compute);
        event->wait();
        work();
    }
};

std::unique_ptr<Carrier> carrier(std::uint64_t seed)
{
    return carry_over_lanes(a_number_and_three, c10::kCPU, std::make_unique<HostComputer>(seed));
}

/// Row r of the inputs is r, and 10 r, 10 r + 1, 10 r + 2. The results are r + 1, and the others by columns turned.
std::vector<at::Tensor> increased_and_turned(std::vector<at::Tensor> const& stored)
{
    return {stored.at(0).add(1), stored.at(1).flip(1)};
}

void expect_increased_and_turned(Carrier& carrier, std::uint64_t rows, std::uint64_t first)
{
    std::vector<float> numbers(rows);
    std::vector<std::int16_t> threes(3 * rows);
    for (std::size_t i = 0; i < rows; ++i) numbers[i] = static_cast<float>(first + i);
    for (std::size_t i = 0; i < threes.size(); ++i) threes[i] = static_cast<std::int16_t>(10 * (first + i / 3) + i % 3);
    std::vector<float> increased(rows);
    std::vector<std::int16_t> turned(3 * rows);
    std::vector const inputs{std::as_bytes(std::span{numbers}), std::as_bytes(std::span{threes})};
    std::vector const outputs{std::as_writable_bytes(std::span{increased}), std::as_writable_bytes(std::span{turned})};
    carrier.carry(rows, inputs, outputs, increased_and_turned);
    for (std::size_t i = 0; i < rows; ++i) EXPECT_EQ(increased[i], numbers[i] + 1);
    for (std::size_t i = 0; i < threes.size(); ++i) EXPECT_EQ(turned[i], threes[i / 3 * 3 + 2 - i % 3]);
}

} // namespace

TEST(LaneCarrierTest, ResultsOfAllThreadsAreThoseOfTheirOwnBatches)
{
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        auto const lanes = carrier(seed);
        ASSERT_EQ(lanes->lanes(), 3);
        std::atomic<std::uint64_t> next = 0;
        std::vector<std::jthread> threads;
        for (int i = 0; i < lanes->lanes(); ++i)
            threads.emplace_back([&] {
                for (auto batch = next++; batch < 30; batch = next++)
                    expect_increased_and_turned(*lanes, batch == 29 ? 2 : 5, 5 * batch);
            });
    }
}

TEST(LaneCarrierTest, AResultThatDoesNotLieInOnePieceIsPutTogether)
{
    auto const lanes = carrier(7);
    std::vector<float> const numbers{1, 2};
    std::vector<std::int16_t> const threes{1, 2, 3, 4, 5, 6};
    std::vector<std::int16_t> last(2);
    std::vector const inputs{std::as_bytes(std::span{numbers}), std::as_bytes(std::span{threes})};
    std::vector const outputs{std::as_writable_bytes(std::span{last})};
    lanes->carry(2, inputs, outputs, [](auto const& stored) { return std::vector{stored.at(1).select(1, 2)}; });
    EXPECT_EQ(last, (std::vector<std::int16_t>{3, 6}));
}

} // namespace distinfer::model
