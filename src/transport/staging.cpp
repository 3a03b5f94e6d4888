#include "staging.hpp"

#include <algorithm>

namespace distinfer::transport
{

namespace
{

/// A part of the bytes, and the slot that it goes through.
struct Piece
{
    std::size_t slot;
    std::size_t at;
    std::size_t bytes;
};

Piece piece_of(DeviceChannel& channel, std::size_t i, std::size_t all)
{
    auto const largest = channel.pinned(0).size();
    return {.slot = i % channel_slots, .at = i * largest, .bytes = std::min(largest, all - i * largest)};
}

std::size_t pieces(DeviceChannel& channel, std::size_t all)
{
    auto const largest = channel.pinned(0).size();
    return (all + largest - 1) / largest;
}

} // namespace

void send_staged(DeviceChannel& channel, std::span<std::byte const> bytes)
{
    auto const count = pieces(channel, bytes.size());
    for (std::size_t i = 0; i < count; ++i) {
        // The piece that was in the slot before has moved: it was waited for before the one after it began.
        auto const piece = piece_of(channel, i, bytes.size());
        std::ranges::copy(bytes.subspan(piece.at, piece.bytes), channel.pinned(piece.slot).begin());
        channel.copy_in(piece.slot, piece.bytes);
        channel.await_copy(piece.slot);
        if (i > 0) channel.await_move();
        channel.move(piece.slot, piece.bytes);
    }
    if (count > 0) channel.await_move();
}

void receive_staged(DeviceChannel& channel, std::span<std::byte> bytes)
{
    auto const count = pieces(channel, bytes.size());
    auto const take_out = [&](std::size_t i) {
        auto const piece = piece_of(channel, i, bytes.size());
        channel.await_copy(piece.slot);
        std::ranges::copy(channel.pinned(piece.slot).first(piece.bytes), bytes.subspan(piece.at).begin());
    };
    for (std::size_t i = 0; i < count; ++i) {
        auto const piece = piece_of(channel, i, bytes.size());
        channel.move(piece.slot, piece.bytes);
        if (i > 0) take_out(i - 1);
        channel.await_move();
        channel.copy_out(piece.slot, piece.bytes);
    }
    if (count > 0) take_out(count - 1);
}

} // namespace distinfer::transport
