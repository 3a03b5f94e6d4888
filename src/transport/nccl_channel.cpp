#include "nccl_channel.hpp"

#include "distinfer/core/error.hpp"
#include "distinfer/core/narrow.hpp"
#include "staging.hpp"

#include <ATen/ops/empty.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <algorithm>
#include <chrono>

namespace distinfer::transport
{

namespace
{

constexpr std::int64_t piece_bytes = 4 << 20;
constexpr std::chrono::microseconds shortest_pause{10};
constexpr std::chrono::microseconds longest_pause{500};

at::Tensor first(at::Tensor const& tensor, std::size_t bytes)
{
    return tensor.narrow(0, 0, narrow<std::int64_t>(bytes));
}

} // namespace

NcclChannel::NcclChannel(c10::Device device, Move move)
    : move_(std::move(move)), stream_(c10::impl::VirtualGuardImpl{device.type()}.getStreamFromGlobalPool(device))
{
    auto const bytes = at::TensorOptions{}.dtype(at::kByte);
    for (std::size_t i = 0; i < channel_slots; ++i)
        slots_.push_back({.pinned = at::empty({piece_bytes}, bytes.pinned_memory(true)),
                          .device = at::empty({piece_bytes}, bytes.device(device)),
                          .copied = c10::Event{device.type()}});
}

std::span<std::byte> NcclChannel::pinned(std::size_t slot)
{
    auto const& tensor = slots_.at(slot).pinned;
    return {static_cast<std::byte*>(tensor.data_ptr()), narrow<std::size_t>(tensor.numel())};
}

void NcclChannel::copy_in(std::size_t index, std::size_t bytes)
{
    auto& slot = slots_.at(index);
    copy(slot, first(slot.pinned, bytes), first(slot.device, bytes));
}

void NcclChannel::copy_out(std::size_t index, std::size_t bytes)
{
    auto& slot = slots_.at(index);
    copy(slot, first(slot.device, bytes), first(slot.pinned, bytes));
}

void NcclChannel::copy(Slot& slot, at::Tensor const& from, at::Tensor const& to)
{
    c10::StreamGuard const guard{stream_};
    to.copy_(from, true);
    slot.copied.record(stream_);
}

void NcclChannel::await_copy(std::size_t slot)
{
    wait_until([&] { return slots_.at(slot).copied.query(); });
}

void NcclChannel::move(std::size_t slot, std::size_t bytes)
{
    // NCCL's stream begins behind what this one has been given, all of which is over.
    c10::StreamGuard const guard{stream_};
    moving_ = move_(first(slots_.at(slot).device, bytes));
}

void NcclChannel::await_move()
{
    wait_until([&] { return moving_->isCompleted(); });
    if (auto const failure = moving_->exception()) std::rethrow_exception(failure);
    moving_.reset();
}

void NcclChannel::wait_until(std::function<bool()> const& done)
{
    for (auto pause = shortest_pause; !done(); pause = std::min(pause * 2, longest_pause)) {
        if (aborted_) throw LaunchError("the transfer was given up");
        wakeup_.wait_for(pause);
    }
}

void NcclChannel::abort() noexcept
{
    aborted_ = true;
    wakeup_.notify();
}

} // namespace distinfer::transport
