#include "ulfm.hpp"

#include "distinfer/core/narrow.hpp"

#include <mpi-ext.h>

#include <numeric>

namespace distinfer::comm::ulfm
{

namespace
{

int class_of(int code)
{
    int found = MPI_SUCCESS;
    MPI_Error_class(code, &found);
    return found;
}

/// The ranks that a group's members have in a communicator. Takes the group.
std::vector<int> ranks_in(MPI_Comm communicator, MPI_Group members)
{
    int size = 0;
    MPI_Group_size(members, &size);
    std::vector<int> own(narrow<std::size_t>(size));
    std::iota(own.begin(), own.end(), 0);
    std::vector<int> ranks(own.size());
    MPI_Group all = MPI_GROUP_NULL;
    MPI_Comm_group(communicator, &all);
    MPI_Group_translate_ranks(members, size, own.data(), all, ranks.data());
    MPI_Group_free(&all);
    MPI_Group_free(&members);
    return ranks;
}

} // namespace

bool is_on()
{
    void* value = nullptr;
    int found = 0;
    MPI_Comm_get_attr(MPI_COMM_WORLD, MPIX_FT, &value, &found);
    return found && *static_cast<int*>(value) != 0;
}

bool is_loss(int code)
{
    int const found = class_of(code);
    return found == MPIX_ERR_PROC_FAILED || found == MPIX_ERR_PROC_FAILED_PENDING;
}

bool is_revoked(int code)
{
    return class_of(code) == MPIX_ERR_REVOKED;
}

std::vector<int> acknowledge(MPI_Comm communicator)
{
    MPI_Group failed = MPI_GROUP_NULL;
    if (MPIX_Comm_failure_ack(communicator) != MPI_SUCCESS ||
        MPIX_Comm_failure_get_acked(communicator, &failed) != MPI_SUCCESS)
        return {};
    return ranks_in(communicator, failed);
}

void revoke(MPI_Comm communicator) noexcept
{
    MPIX_Comm_revoke(communicator);
}

MPI_Comm shrink(MPI_Comm communicator)
{
    MPI_Comm survivors = MPI_COMM_NULL;
    if (MPIX_Comm_shrink(communicator, &survivors) != MPI_SUCCESS) return MPI_COMM_NULL;
    MPI_Comm_set_errhandler(survivors, MPI_ERRORS_RETURN);
    return survivors;
}

std::vector<int> missing(MPI_Comm from, MPI_Comm in)
{
    MPI_Group all = MPI_GROUP_NULL;
    MPI_Group left = MPI_GROUP_NULL;
    MPI_Group gone = MPI_GROUP_NULL;
    MPI_Comm_group(from, &all);
    MPI_Comm_group(in, &left);
    MPI_Group_difference(all, left, &gone);
    MPI_Group_free(&all);
    MPI_Group_free(&left);
    return ranks_in(from, gone);
}

bool agree(MPI_Comm communicator, bool yes)
{
    int all = yes ? 1 : 0;
    return MPIX_Comm_agree(communicator, &all) == MPI_SUCCESS && all == 1;
}

} // namespace distinfer::comm::ulfm
