// A build without NCCL.
#include "distinfer/core/error.hpp"
#include "distinfer/transport/transports.hpp"

namespace distinfer::transport
{

bool has_nccl()
{
    return false;
}

std::unique_ptr<comm::Transport> make_nccl_transport(Peers const&, std::string const&)
{
    throw LaunchError("this build has no NCCL", {}, "use run.transport: mpi, or the gpu build");
}

} // namespace distinfer::transport
