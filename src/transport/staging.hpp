#pragma once

#include "device_channel.hpp"

namespace distinfer::transport
{

/// Slots of a channel: one whose piece is being copied, one whose piece moves.
inline constexpr std::size_t channel_slots = 2;

/// Sends bytes of any size through a channel, piece after piece: while one moves, the next is copied to the GPU.
///
/// Nothing is begun on the GPU that would have to wait there for another rank, but the one move: work that waits in a
/// stream may hold up other streams, whose moves the other rank waits for in turn.
void send_staged(DeviceChannel& channel, std::span<std::byte const> bytes);

/// Receives what send_staged() sends: while one piece moves, the last is copied from the GPU.
void receive_staged(DeviceChannel& channel, std::span<std::byte> bytes);

} // namespace distinfer::transport
