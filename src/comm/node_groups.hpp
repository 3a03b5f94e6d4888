#pragma once

#include <mpi.h>

#include <vector>

namespace distinfer::comm
{

/// The ranks that share memory with this one, and the first ranks of all such nodes. Destroyed before the session;
/// making and destroying it is collective.
class NodeGroups
{
  public:
    /// Uses `of` alone, so that who gives that up wakes the others.
    /// @throws LaunchError, RankLost
    explicit NodeGroups(MPI_Comm of);
    ~NodeGroups();
    NodeGroups(NodeGroups const&) = delete;
    NodeGroups& operator=(NodeGroups const&) = delete;

    /// Ranks of what it was made of, in their order.
    std::vector<int> const& node() const noexcept { return node_; }

    /// The first ranks of the nodes, in their order; MPI_COMM_NULL on the others.
    MPI_Comm leaders() const noexcept { return leaders_; }

  private:
    std::vector<int> node_;
    MPI_Comm leaders_ = MPI_COMM_NULL;
    int exceptions_at_start_;
};

} // namespace distinfer::comm
