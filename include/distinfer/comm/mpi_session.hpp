#pragma once

#include <cstddef>
#include <string>

namespace distinfer::comm
{

/// The largest MPI message in bytes; more is sent in pieces, since MPI counts in int and libraries differ near 2 GiB.
inline constexpr std::size_t largest_message = std::size_t{1} << 30;

/// MPI from MPI_Init_thread to MPI_Finalize. At most one in a process, made and destroyed by the thread that calls MPI.
///
/// Errors are returned to us, not fatal inside MPI. The destructor does not finalize while an exception unwinds: the
/// other ranks may never come, and ending the process lets the launcher clean up.
class MpiSession
{
  public:
    /// @throws LaunchError
    MpiSession();
    ~MpiSession();
    MpiSession(MpiSession const&) = delete;
    MpiSession& operator=(MpiSession const&) = delete;

  private:
    int exceptions_at_start_;
};

/// "Open MPI v4.1.4", the library that runs, not the one that was compiled with.
std::string mpi_library();

} // namespace distinfer::comm
