#pragma once

#include <functional>
#include <optional>
#include <string>

namespace distinfer::comm
{

/// Looks an environment variable up.
using Lookup = std::function<std::optional<std::string>(char const* name)>;

/// The process's own environment.
std::optional<std::string> process_environment(char const* name);

/// Whether a launcher (mpirun, srun, another MPI's mpiexec) started this process, so that MPI has to be initialised.
/// Pure.
bool launched(Lookup const& lookup);

/// This process's rank as the launcher told it, before MPI is up; 0 where it told none. Pure.
int rank_hint(Lookup const& lookup);

/// Refuses a launch that gave every process a job of its own: `size` is 1, and the launcher started more. Pure.
/// @throws LaunchError saying how to start the job
void check_launch(Lookup const& lookup, int size);

} // namespace distinfer::comm
