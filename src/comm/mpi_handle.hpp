#pragma once

#include <mpi.h>

#include <string_view>

namespace distinfer::comm
{

/// @throws LaunchError with MPI's own text where `code` is not MPI_SUCCESS
void check_mpi(int code, std::string_view what);

/// A duplicate of MPI_COMM_WORLD whose errors are returned. Destroyed before the session; the destructor is collective.
class WorldCopy
{
  public:
    WorldCopy();
    ~WorldCopy();
    WorldCopy(WorldCopy const&) = delete;
    WorldCopy& operator=(WorldCopy const&) = delete;

    MPI_Comm get() const noexcept { return handle_; }

  private:
    MPI_Comm handle_ = MPI_COMM_NULL;
    int exceptions_at_start_;
};

} // namespace distinfer::comm
