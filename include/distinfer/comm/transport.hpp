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

    virtual ~Transport() = default;

    /// Begins to send. @throws LaunchError
    virtual Ticket send(int to, std::span<std::byte const> bytes) = 0;

    /// Begins to receive. @throws LaunchError
    virtual Ticket receive(int from, std::span<std::byte> bytes) = 0;

    /// Whether the transfer is over; it also moves transfers on. A finished ticket is used up. @throws LaunchError
    virtual bool finished(Ticket ticket) = 0;
};

} // namespace distinfer::comm
