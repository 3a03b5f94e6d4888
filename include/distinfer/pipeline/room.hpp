#pragma once

namespace distinfer::pipeline
{

/// Buffers of a rank, each for one window: what bounds its memory.
struct Room
{
    int inputs = 0;
    int outputs = 0;
};

/// Of root. Inputs: its own slots, one that is being filled, one that is on its way. Outputs: inferred here, arriving,
/// waiting, being stored.
constexpr Room root_room(int slots)
{
    return {.inputs = slots + 2, .outputs = 4};
}

/// Of another rank. Outputs: one that is being filled, one that is on its way.
constexpr Room rank_room(int slots)
{
    return {.inputs = slots, .outputs = 2};
}

} // namespace distinfer::pipeline
