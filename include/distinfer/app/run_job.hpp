#pragma once

#include "distinfer/comm/communicator.hpp"
#include "distinfer/comm/transport.hpp"
#include "distinfer/config/cli.hpp"
#include "distinfer/core/error.hpp"
#include "distinfer/core/interrupt.hpp"

#include <string>

namespace distinfer::app
{

/// Runs a job on this rank: setup, the stream of windows, the finished output, the report. Collective.
/// Where the job was asked to end at once, the process ends here, with exit code 75, as threads are still at work.
/// @param mpi_library what carries the messages; empty where there is one process and no MPI
/// @returns the job's exit code, the same on every rank; what went wrong has been printed by root
/// @throws Error that this rank alone has: MPI failed, or a bug; the other ranks have to be ended with abort()
ExitCode run_job(config::Action const& action, comm::Communicator& communicator, comm::Transport& transport,
                 std::string const& mpi_library, InterruptSource& signals);

} // namespace distinfer::app
