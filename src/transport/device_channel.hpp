#pragma once

#include <cstddef>
#include <span>

namespace distinfer::transport
{

/// One direction to one other rank, through this rank's GPU: `slots` pieces of pinned memory, each with as much memory
/// on the GPU. What begins, ends later: when the wait for it has returned. One thread.
///
/// All of it throws std::exception where the GPU fails or the other rank cannot be reached.
class DeviceChannel
{
  public:
    virtual ~DeviceChannel() = default;

    /// The memory of a slot on this host; its size is the largest piece.
    virtual std::span<std::byte> pinned(std::size_t slot) = 0;

    /// Begins to copy the first bytes of a slot to the GPU.
    virtual void copy_in(std::size_t slot, std::size_t bytes) = 0;

    /// Begins to copy the first bytes of a slot from the GPU.
    virtual void copy_out(std::size_t slot, std::size_t bytes) = 0;

    /// Waits for the copy of a slot.
    virtual void await_copy(std::size_t slot) = 0;

    /// Begins to move the first bytes of a slot between the two GPUs, in the channel's direction. @pre no other moves
    virtual void move(std::size_t slot, std::size_t bytes) = 0;

    /// Waits for the move.
    virtual void await_move() = 0;
};

} // namespace distinfer::transport
