#pragma once

#include "distinfer/plan/dispatcher.hpp"

#include <cstdint>

namespace distinfer::scaling
{

/// Windows per second that root's dispatcher hands out, in real time: a window is taken back and the next handed out,
/// to ranks in random order. @pre windows > 0
double dispatcher_rate(int ranks, std::uint64_t windows, plan::Schedule schedule);

/// Bytes that root keeps to hand windows out: dispatcher and window plan, on the heap and off it, at their most.
std::uint64_t dispatcher_bytes(int ranks, std::uint64_t windows, plan::Schedule schedule);

/// Windows per second of pipeline::RootLoop as it is, notes, queues and polling included, in real time: on a
/// communicator that answers for all ranks at once, so that nobody but root is waited for, and without MPI. Root's own
/// windows go through its stages and an empty model. @param direct only notes travel; else each window is read, sent,
/// received and stored by root as well, with bytes that nobody touches. @pre windows > 0
double root_rate(int ranks, std::uint64_t windows, bool direct);

} // namespace distinfer::scaling
