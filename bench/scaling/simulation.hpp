#pragma once

#include "distinfer/plan/dispatcher.hpp"
#include "scaling/machine.hpp"
#include "scaling/main_thread.hpp"
#include "scaling/work.hpp"

#include <cstdint>
#include <functional>

namespace distinfer::scaling
{

/// A job to simulate.
struct Case
{
    Work work;
    Machine machine;
    int ranks = 1;
    int slots = 3; ///< as pipeline::Job has it: run.credits + 1
    plan::Schedule schedule = plan::Schedule::dynamic;
    bool direct_read = false;
    bool direct_write = false;
};

/// How it went. Shares are of the time from the first window's assignment to the last one's end; start and setup are
/// not simulated.
struct Outcome
{
    double seconds = 0;
    std::uint64_t windows = 0;
    std::uint64_t rows_per_window = 0;
    double model_seconds = 0; ///< in the model, of all ranks together
    double efficiency = 0;    ///< share of the ranks' time in the model

    double root_thread = 0;    ///< share in which root's thread that calls MPI had something to do
    double root_reading = 0;   ///< share in which root's fetch thread read
    double root_sending = 0;   ///< share in which the link of root's host sent
    double root_receiving = 0; ///< share in which it received
    double file_system = 0;    ///< share in which the file system as a whole had something to do
};

/// Told of everything that a rank's main thread takes up, when it does, in order.
using Observer = std::function<void(double seconds, int rank, Item item)>;

/// Runs a job in simulated time: the program's own scheduler and window plan, and in place of the loops' threads,
/// buffers and messages a model of them that follows pipeline::RootLoop and RankLoop step by step. Windows travel as
/// the model takes them, so there is no decoding. Equal cases give equal outcomes.
Outcome simulate(Case const& job, Observer const& observer = {});

} // namespace distinfer::scaling
