#include "staging.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <deque>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace distinfer::transport
{

namespace
{

constexpr std::size_t piece = 16;

/// What has left one end and not reached the other.
using Wire = std::deque<std::vector<std::byte>>;

/// A GPU that does everything as late as it may: when it is waited for. Without its wait a copy has not happened, and
/// what is written to a slot too early is what is copied.
class LateChannel : public DeviceChannel
{
  public:
    enum class Direction { out, in };

    LateChannel(Direction direction, Wire& wire, std::size_t fail_at)
        : direction_(direction), wire_(wire), left_(fail_at)
    {
        for (auto& slot : slots_)
            slot = {.pinned = std::vector<std::byte>(piece), .device = std::vector<std::byte>(piece)};
    }

    /// Whether what was begun has all been waited for.
    bool idle() const
    {
        return !moving_ && std::ranges::none_of(slots_, [](auto const& slot) { return slot.copying.has_value(); });
    }

    std::span<std::byte> pinned(std::size_t slot) override { return slots_.at(slot).pinned; }

    void copy_in(std::size_t slot, std::size_t bytes) override { begin_copy(slot, bytes, Direction::in); }
    void copy_out(std::size_t slot, std::size_t bytes) override { begin_copy(slot, bytes, Direction::out); }

    void await_copy(std::size_t index) override
    {
        count();
        auto& slot = slots_.at(index);
        ASSERT_TRUE(slot.copying) << "a wait for nothing";
        auto const [bytes, direction] = *std::exchange(slot.copying, std::nullopt);
        auto const& from = direction == Direction::in ? slot.pinned : slot.device;
        std::copy_n(from.begin(), bytes, (direction == Direction::in ? slot.device : slot.pinned).begin());
    }

    void move(std::size_t slot, std::size_t bytes) override
    {
        count();
        ASSERT_FALSE(moving_) << "two moves at once";
        ASSERT_FALSE(slots_.at(slot).copying) << "a move of what is being copied";
        moving_ = {{slot, bytes}};
    }

    void await_move() override
    {
        count();
        ASSERT_TRUE(moving_) << "a wait for nothing";
        auto const [index, bytes] = *std::exchange(moving_, std::nullopt);
        auto& device = slots_.at(index).device;
        if (direction_ == Direction::out) {
            wire_.emplace_back(device.begin(), device.begin() + static_cast<std::ptrdiff_t>(bytes));
        } else {
            ASSERT_FALSE(wire_.empty());
            ASSERT_EQ(wire_.front().size(), bytes) << "the ends do not agree on the pieces";
            std::ranges::copy(wire_.front(), device.begin());
            wire_.pop_front();
        }
    }

  private:
    struct Copy
    {
        std::size_t bytes;
        Direction direction;
    };

    struct Slot
    {
        std::vector<std::byte> pinned;
        std::vector<std::byte> device;
        std::optional<Copy> copying;
    };

    void begin_copy(std::size_t slot, std::size_t bytes, Direction direction)
    {
        count();
        ASSERT_FALSE(slots_.at(slot).copying) << "a copy over one that is not over";
        ASSERT_TRUE(!moving_ || moving_->first != slot) << "a copy of what moves";
        slots_.at(slot).copying = {bytes, direction};
    }

    void count()
    {
        if (left_-- == 0) throw std::runtime_error("the GPU fails");
    }

    Direction direction_;
    Wire& wire_;
    std::size_t left_; ///< calls until one fails
    std::array<Slot, channel_slots> slots_;
    std::optional<std::pair<std::size_t, std::size_t>> moving_; ///< slot and bytes
};

constexpr std::size_t never = SIZE_MAX;

std::vector<std::byte> some_bytes(std::size_t size)
{
    std::mt19937 random{static_cast<unsigned>(size)};
    std::vector<std::byte> bytes(size);
    for (auto& byte : bytes) byte = static_cast<std::byte>(random());
    return bytes;
}

} // namespace

TEST(StagingTest, BytesOfAnySizeArriveAsTheyWere)
{
    for (std::size_t size = 0; size <= 5 * piece + 1; ++size) {
        Wire wire;
        LateChannel out{LateChannel::Direction::out, wire, never};
        LateChannel in{LateChannel::Direction::in, wire, never};
        auto const sent = some_bytes(size);
        std::vector<std::byte> got(size);
        send_staged(out, sent);
        EXPECT_EQ(wire.size(), (size + piece - 1) / piece);
        receive_staged(in, got);
        EXPECT_EQ(got, sent) << size;
        EXPECT_TRUE(out.idle() && in.idle()) << size;
    }
}

TEST(StagingTest, AChannelCarriesOneWindowAfterTheOther)
{
    Wire wire;
    LateChannel out{LateChannel::Direction::out, wire, never};
    LateChannel in{LateChannel::Direction::in, wire, never};
    for (std::size_t const size : {40U, 3U, 33U, 0U, 16U}) {
        auto const sent = some_bytes(size);
        std::vector<std::byte> got(size);
        send_staged(out, sent);
        receive_staged(in, got);
        EXPECT_EQ(got, sent);
    }
}

TEST(StagingTest, WhatFailsOnTheGpuEndsTheTransferAtAnyStep)
{
    auto const sent = some_bytes(3 * piece);
    for (std::size_t step = 0; step < 4 * 3; ++step) {
        Wire wire;
        LateChannel out{LateChannel::Direction::out, wire, step};
        EXPECT_THROW(send_staged(out, sent), std::runtime_error) << step;

        Wire full;
        LateChannel whole{LateChannel::Direction::out, full, never};
        send_staged(whole, sent);
        LateChannel in{LateChannel::Direction::in, full, step};
        std::vector<std::byte> got(sent.size());
        EXPECT_THROW(receive_staged(in, got), std::runtime_error) << step;
    }
}

} // namespace distinfer::transport
