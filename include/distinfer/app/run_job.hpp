#pragma once

#include "distinfer/app/takeover.hpp"
#include "distinfer/comm/communicator.hpp"
#include "distinfer/comm/transport.hpp"
#include "distinfer/config/cli.hpp"
#include "distinfer/core/error.hpp"
#include "distinfer/core/interrupt.hpp"

#include <string>

namespace distinfer::app
{

/// What a job runs on.
struct Context
{
    comm::Communicator& communicator;
    comm::Transport& transport; ///< of MPI; run.transport may name another
    std::string mpi_library;    ///< what carries the messages; empty where there is one process and no MPI
    InterruptSource& signals;
    Takeover& takeover;
};

/// Runs a job on this rank: setup, the stream of windows, the finished output, the report. Collective.
/// Where the job was asked to end at once, the process ends here, with exit code 75, as threads are still at work.
/// @returns the job's exit code, the same on every rank; what went wrong has been printed by root
/// @throws RankLost where a rank has died and the survivors have to begin again: context.takeover tells them of what
/// @throws Error that this rank alone has: MPI failed, or a bug; the other ranks have to be ended with abort()
ExitCode run_job(config::Action const& action, Context const& context);

} // namespace distinfer::app
