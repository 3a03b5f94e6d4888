#pragma once

#include "distinfer/config/cli.hpp"
#include "distinfer/core/error.hpp"

namespace distinfer::app
{

/// Runs the job under MPI where a launcher started this process, else alone and without MPI.
ExitCode launch(config::Action const& action);

/// Prints what the command line asks for when it does not ask for a job: help, version, the default config.
ExitCode print(config::Action const& action);

} // namespace distinfer::app
