#pragma once

#include "distinfer/comm/communicator.hpp"
#include "distinfer/comm/mpi_session.hpp"
#include "distinfer/comm/transport.hpp"
#include "distinfer/transport/addresses.hpp"

#include <memory>
#include <string>
#include <vector>

namespace distinfer::transport
{

/// The ranks of a job, as a transport has to know them.
struct Peers
{
    comm::Communicator& communicator;     ///< used while the transport is made, and not afterwards
    std::vector<std::string> names;       ///< by rank, for messages: "rank 2 on node1"
    std::vector<RankAddresses> addresses; ///< by rank
};

// Both are collective. Where they throw on one rank alone, that rank has met the others as often as if it had not, so
// that all can agree on the failure.

/// Windows by gloo, over TCP. Where the communicator survives losses, so does the transport.
/// @param message_bytes the largest piece that a window is sent in
/// @throws LaunchError, RankLost
std::unique_ptr<comm::Transport> make_gloo_transport(Peers const& peers,
                                                     std::size_t message_bytes = comm::largest_message);

/// Whether this build has NCCL.
bool has_nccl();

/// Windows by NCCL, from the memory of one GPU to that of the other. It does not survive losses.
/// @param device this rank's GPU, "cuda:1", which no other rank has
/// @throws LaunchError where this build has no NCCL, too
std::unique_ptr<comm::Transport> make_nccl_transport(Peers const& peers, std::string const& device);

} // namespace distinfer::transport
