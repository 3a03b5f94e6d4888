#include "node_groups.hpp"

#include "distinfer/core/narrow.hpp"
#include "mpi_handle.hpp"

#include <exception>
#include <numeric>

namespace distinfer::comm
{

namespace
{

/// The ranks that the members of a part have in the whole. Talks to nobody.
std::vector<int> ranks_in(MPI_Comm whole, MPI_Comm part)
{
    MPI_Group all = MPI_GROUP_NULL;
    MPI_Group some = MPI_GROUP_NULL;
    MPI_Comm_group(whole, &all);
    MPI_Comm_group(part, &some);
    int size = 0;
    MPI_Group_size(some, &size);
    std::vector<int> own(narrow<std::size_t>(size));
    std::iota(own.begin(), own.end(), 0);
    std::vector<int> ranks(own.size());
    MPI_Group_translate_ranks(some, size, own.data(), all, ranks.data());
    MPI_Group_free(&all);
    MPI_Group_free(&some);
    return ranks;
}

} // namespace

NodeGroups::NodeGroups(MPI_Comm of) : exceptions_at_start_(std::uncaught_exceptions())
{
    int rank = 0;
    check_mpi(MPI_Comm_rank(of, &rank), "tell the rank");
    MPI_Comm shared = MPI_COMM_NULL;
    check_mpi(MPI_Comm_split_type(of, MPI_COMM_TYPE_SHARED, rank, MPI_INFO_NULL, &shared), "find the ranks of a node");
    node_ = ranks_in(of, shared);
    check_mpi(MPI_Comm_free(&shared), "find the ranks of a node");

    int const color = rank == node_.front() ? 0 : MPI_UNDEFINED;
    check_mpi(MPI_Comm_split(of, color, rank, &leaders_), "find the nodes");
    if (leaders_ != MPI_COMM_NULL)
        check_mpi(MPI_Comm_set_errhandler(leaders_, MPI_ERRORS_RETURN), "set the error handler");
}

NodeGroups::~NodeGroups()
{
    // As with a CommunicatorCopy.
    if (leaders_ != MPI_COMM_NULL && std::uncaught_exceptions() == exceptions_at_start_) MPI_Comm_free(&leaders_);
}

} // namespace distinfer::comm
