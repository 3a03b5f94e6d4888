#pragma once

#include "device_channel.hpp"
#include "distinfer/core/wakeup.hpp"
#include "nccl_groups.hpp"

#include <ATen/core/Tensor.h>
#include <c10/core/Event.h>
#include <c10/core/Stream.h>

#include <atomic>
#include <functional>
#include <vector>

namespace distinfer::transport
{

/// A channel through a GPU, with NCCL. Waits look again after a pause that doubles up to 0.5 ms, since CUDA's own would
/// keep a core busy that the model wants.
class NcclChannel : public DeviceChannel
{
  public:
    /// Begins to move a tensor of the GPU to or from the other rank.
    using Move = std::function<c10::intrusive_ptr<c10d::Work>(at::Tensor const&)>;

    NcclChannel(c10::Device device, Move move);

    std::span<std::byte> pinned(std::size_t slot) override;
    void copy_in(std::size_t slot, std::size_t bytes) override;
    void copy_out(std::size_t slot, std::size_t bytes) override;
    void await_copy(std::size_t slot) override;
    void move(std::size_t slot, std::size_t bytes) override;
    void await_move() override;

    /// Makes the waits throw. From any thread.
    void abort() noexcept;

  private:
    struct Slot
    {
        at::Tensor pinned;
        at::Tensor device;
        c10::Event copied;
    };

    void copy(Slot& slot, at::Tensor const& from, at::Tensor const& to);
    void wait_until(std::function<bool()> const& done);

    Move move_;
    c10::Stream stream_; ///< of the copies
    std::vector<Slot> slots_;
    c10::intrusive_ptr<c10d::Work> moving_;
    Wakeup wakeup_;
    std::atomic<bool> aborted_ = false;
};

} // namespace distinfer::transport
