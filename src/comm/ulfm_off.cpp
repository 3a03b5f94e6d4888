#include "ulfm.hpp"

namespace distinfer::comm::ulfm
{

bool is_on()
{
    return false;
}

bool is_loss(int)
{
    return false;
}

bool is_revoked(int)
{
    return false;
}

std::vector<int> acknowledge(MPI_Comm)
{
    return {};
}

void revoke(MPI_Comm) noexcept {}

MPI_Comm shrink(MPI_Comm)
{
    return MPI_COMM_NULL;
}

std::vector<int> missing(MPI_Comm, MPI_Comm)
{
    return {};
}

bool agree(MPI_Comm, bool)
{
    return false;
}

} // namespace distinfer::comm::ulfm
