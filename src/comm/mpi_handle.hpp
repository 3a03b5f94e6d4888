#pragma once

#include "distinfer/comm/communicator.hpp"
#include "distinfer/comm/transport.hpp"

#include <mpi.h>

#include <memory>
#include <string_view>

namespace distinfer::comm
{

/// @throws LaunchError with MPI's own text where `code` is not MPI_SUCCESS; RankLost where a rank has died
void check_mpi(int code, std::string_view what);

/// A duplicate of a communicator whose errors are returned. Destroyed before the session; the destructor is collective.
class CommunicatorCopy
{
  public:
    explicit CommunicatorCopy(MPI_Comm of);
    ~CommunicatorCopy();
    CommunicatorCopy(CommunicatorCopy const&) = delete;
    CommunicatorCopy& operator=(CommunicatorCopy const&) = delete;

    MPI_Comm get() const noexcept { return handle_; }

  private:
    MPI_Comm handle_ = MPI_COMM_NULL;
    int exceptions_at_start_;
};

std::unique_ptr<Communicator> make_mpi_communicator(MPI_Comm of, std::size_t message_bytes);
std::unique_ptr<Transport> make_mpi_transport(MPI_Comm of, std::size_t message_bytes);

} // namespace distinfer::comm
