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

Piece piece_of(DeviceLane& lane, std::size_t i, std::size_t all)
{
    auto const largest = lane.pinned(0).size();
    return {.slot = i % lane_slots, .at = i * largest, .bytes = std::min(largest, all - i * largest)};
}

std::size_t pieces(DeviceLane& lane, std::size_t all)
{
    auto const largest = lane.pinned(0).size();
    return (all + largest - 1) / largest;
}

} // namespace

void send_staged(DeviceLane& lane, std::span<std::byte const> bytes)
{
    auto const count = pieces(lane, bytes.size());
    for (std::size_t i = 0; i < count; ++i) {
        // The piece that was in the slot before has moved: it was waited for before the one after it began.
        auto const piece = piece_of(lane, i, bytes.size());
        std::ranges::copy(bytes.subspan(piece.at, piece.bytes), lane.pinned(piece.slot).begin());
        lane.copy_in(piece.slot, piece.bytes);
        lane.await_copy(piece.slot);
        if (i > 0) lane.await_move();
        lane.move(piece.slot, piece.bytes);
    }
    if (count > 0) lane.await_move();
}

void receive_staged(DeviceLane& lane, std::span<std::byte> bytes)
{
    auto const count = pieces(lane, bytes.size());
    auto const take_out = [&](std::size_t i) {
        auto const piece = piece_of(lane, i, bytes.size());
        lane.await_copy(piece.slot);
        std::ranges::copy(lane.pinned(piece.slot).first(piece.bytes), bytes.subspan(piece.at).begin());
    };
    for (std::size_t i = 0; i < count; ++i) {
        auto const piece = piece_of(lane, i, bytes.size());
        lane.move(piece.slot, piece.bytes);
        if (i > 0) take_out(i - 1);
        lane.await_move();
        lane.copy_out(piece.slot, piece.bytes);
    }
    if (count > 0) take_out(count - 1);
}

} // namespace distinfer::transport
