#pragma once

#include "distinfer/comm/communicator.hpp"
#include "distinfer/comm/mpi_session.hpp"
#include "distinfer/comm/transport.hpp"

#include <memory>
#include <vector>

namespace distinfer::comm
{

/// The ranks of a job under MPI: first all of them, and after losses those that are left. The session must outlive it.
class MpiRanks
{
  public:
    /// Collective. @throws LaunchError
    explicit MpiRanks(std::size_t message_bytes = largest_message);
    ~MpiRanks();
    MpiRanks(MpiRanks const&) = delete;
    MpiRanks& operator=(MpiRanks const&) = delete;

    Communicator& communicator() noexcept;
    Transport& transport() noexcept;

    /// Gives the present communicator up on every rank, and makes one of the survivors, in the order that they had: the
    /// lowest of them is root. Collective among the survivors, who come here as RankLost tells them.
    ///
    /// What was before is kept as it is until the process ends, since MPI may still look at it; and the process has to
    /// end without MPI_Finalize, which was seen to hang after a loss.
    /// @returns the ranks that died, by their numbers before
    /// @pre communicator().survives_losses()
    std::vector<int> go_on_without_the_lost();

  private:
    struct Generation;

    std::size_t message_bytes_;
    std::vector<std::unique_ptr<Generation>> generations_; ///< the last is the present one
};

} // namespace distinfer::comm
