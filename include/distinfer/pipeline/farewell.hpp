#pragma once

#include "distinfer/comm/communicator.hpp"
#include "distinfer/core/wakeup.hpp"
#include "distinfer/pipeline/note.hpp"

#include <set>

namespace distinfer::pipeline
{

/// The end of a job, after the loops: each rank reports to root, root ends the job, and tells how. Rank by rank, since
/// some may have died, and more may die meanwhile. One thread: the one that calls MPI.
class Farewell
{
  public:
    /// @param lost ranks that are known to be dead
    Farewell(comm::Communicator& communicator, std::vector<int> const& lost);

    /// Root: what every rank reports, by rank; empty for one that has died. @throws LaunchError
    std::vector<std::string> collect(std::string own);

    /// Root: tells the others how the job ended, and waits until they have heard, for 10 s at most. @throws LaunchError
    void tell(Failure const& end);

    /// Another rank: reports, and waits for root's word. @throws LaunchError, RankLost where root has died
    Failure report(std::string text);

    /// Ranks that this rank knows to be dead; root knows all.
    std::set<int> const& lost() const noexcept { return lost_; }

  private:
    std::optional<comm::Message> next();
    bool all_are_in(std::set<int> const& heard) const;

    comm::Communicator& communicator_;
    std::set<int> lost_;
    Wakeup wakeup_; ///< nobody notifies it
};

} // namespace distinfer::pipeline
