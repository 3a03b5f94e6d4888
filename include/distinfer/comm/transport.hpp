#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace distinfer::comm
{

/// What carries the windows' bytes between two ranks. One thread of a rank calls it.
///
/// Receives match sends of the same pair of ranks in order, and their sizes are equal: a control message has announced
/// them. Bytes stay where they are until the ticket is finished.
class Transport
{
  public:
    using Ticket = std::uint64_t;

    enum class Progress {
        moving,
        done,
        lost, ///< the other rank has died; the bytes are nobody's any more
    };

    virtual ~Transport() = default;

    /// Begins to send. @throws LaunchError
    virtual Ticket send(int to, std::span<std::byte const> bytes) = 0;

    /// Begins to receive. @throws LaunchError
    virtual Ticket receive(int from, std::span<std::byte> bytes) = 0;

    /// How far the transfer is; it also moves transfers on. A ticket that is done or lost is used up.
    /// @throws LaunchError
    virtual Progress progress(Ticket ticket) = 0;

    /// Ends every transfer of every rank, since what they belong to is over; afterwards nobody touches their bytes.
    virtual void cancel() noexcept {}
};

} // namespace distinfer::comm
