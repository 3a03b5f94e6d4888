#pragma once

namespace distinfer::pipeline
{

/// Buffers of a rank, each for one window: what bounds its memory.
struct Room
{
    int inputs = 0;
    int outputs = 0;
};

/// Of root. Inputs: its own slots, one that is being filled, one that is on its way. Outputs: one that is being filled
/// in each lane of the model, and arriving, waiting, being stored.
constexpr Room root_room(int slots, int lanes = 1)
{
    return {.inputs = slots + 2, .outputs = lanes + 3};
}

/// Of another rank. Outputs: one that is being filled in each lane of the model, one that is on its way.
constexpr Room rank_room(int slots, int lanes = 1)
{
    return {.inputs = slots, .outputs = lanes + 1};
}

} // namespace distinfer::pipeline
