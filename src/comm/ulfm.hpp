#pragma once

#include <mpi.h>

#include <vector>

/// User Level Failure Mitigation: what an MPI library that has it can do after a rank has died. Without it in the
/// library that was compiled with, ulfm_off.cpp stands in, in which nobody is ever found dead.
namespace distinfer::comm::ulfm
{

/// Whether this job was started so that the other ranks go on when one dies.
bool is_on();

/// Whether a call failed because a rank has died.
bool is_loss(int code);

/// Whether a call failed because a rank has given the communicator up.
bool is_revoked(int code);

/// Ranks of the communicator that are known to be dead. Their death no longer makes calls fail that wait for any rank.
std::vector<int> acknowledge(MPI_Comm communicator);

/// Gives a communicator up: every call on it fails, on every rank, from now on.
void revoke(MPI_Comm communicator) noexcept;

/// Collective among the survivors, also on a communicator that was given up: one of their own; MPI_COMM_NULL where
/// another rank died meanwhile.
MPI_Comm shrink(MPI_Comm communicator);

/// Ranks of a communicator that have no part in another.
std::vector<int> missing(MPI_Comm from, MPI_Comm in);

/// Collective, and the same answer on every survivor: whether all say yes, and nobody has died.
bool agree(MPI_Comm communicator, bool yes);

} // namespace distinfer::comm::ulfm
