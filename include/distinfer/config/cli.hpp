#pragma once

#include "distinfer/config/load.hpp"

#include <string>

namespace distinfer::config
{

/// What the command line asks for.
struct Action
{
    enum class Kind { run, status, help, version, version_json, dump_default };

    Kind kind = Kind::run;
    std::string config_path; ///< for run and status
    Overrides overrides;     ///< likewise
    bool retry_bad = false;  ///< of a run: rows that an earlier one has recorded as bad are run again

    bool runs_job() const noexcept { return kind == Kind::run; }
};

/// Reads the command line, without MPI or a GPU. @throws ConfigError where it makes no sense
Action parse_cli(int argc, char const* const* argv);

/// What --help prints.
std::string help_text();

} // namespace distinfer::config
