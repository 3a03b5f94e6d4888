#pragma once

#include <cstddef>
#include <span>

namespace distinfer::transport
{

/// A library that moves bytes between two ranks, by calls that block. For each other rank and each direction one thread
/// at a time calls it; threads of different ranks or directions call it at once.
class Link
{
  public:
    virtual ~Link() = default;

    /// Returns when the bytes may be used again. @throws std::exception where the other rank cannot be reached
    virtual void send(int to, std::span<std::byte const> bytes) = 0;

    /// Returns when the bytes are all there. @throws std::exception where the other rank cannot be reached
    virtual void receive(int from, std::span<std::byte> bytes) = 0;

    /// Makes calls that block throw before long, and later ones at once; afterwards nobody touches their bytes. From
    /// any thread.
    virtual void abort() noexcept = 0;
};

} // namespace distinfer::transport
