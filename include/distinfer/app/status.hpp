#pragma once

#include "distinfer/config/cli.hpp"
#include "distinfer/core/error.hpp"

#include <string>

namespace distinfer::app
{

/// How far an output is, for anyone, also while a job runs.
struct Status
{
    ExitCode code = ExitCode::interrupted; ///< done: complete. skipped: but for bad rows. interrupted: a run goes on
                                           ///< with it, or begins it. Else that of the last run, which failed, or
                                           ///< output where another file is in its place
    std::string text;                      ///< one line
};

/// @param output as output.file names it
/// @param report path of the report of its last run, which may be missing, of another output, or no report at all
/// @throws OutputError where the ledger or the report cannot be read
Status status_of(std::string const& output, std::string const& report);

/// Prints the status of a config's output. @throws ConfigError, OutputError
ExitCode print_status(config::Action const& action);

} // namespace distinfer::app
