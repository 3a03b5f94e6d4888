#pragma once

#include "distinfer/comm/communicator.hpp"
#include "distinfer/pipeline/compute.hpp"
#include "distinfer/pipeline/job.hpp"
#include "distinfer/pipeline/note.hpp"
#include "distinfer/pipeline/sign_of_life.hpp"
#include "distinfer/pipeline/transfers.hpp"

namespace distinfer::pipeline
{

/// A rank other than root: gets windows from root, or fetches those that root names; runs them; sends the outputs to
/// root, or stores them; until root says stop.
///
/// While a window runs, the next are already here and the last is on its way. A failure is told to root, which ends the
/// job on all ranks alike.
class RankLoop
{
  public:
    /// All of them must outlive it. The thread that calls MPI makes and runs it; the rest of the work is on others.
    RankLoop(Job const& job, comm::Communicator& communicator, comm::Transport& transport, Parts const& parts);
    ~RankLoop();
    RankLoop(RankLoop const&) = delete;
    RankLoop& operator=(RankLoop const&) = delete;

    /// Runs until the job is over; or until root says leave, or is silent for too long: then it must not be destroyed.
    /// @throws LaunchError where MPI fails; RankLost where root has died
    Ending run();

  private:
    bool step();
    bool take_note();
    void look_for_root();
    void accept(Note const& note);
    void cancel();
    bool take_arrived();
    bool take_fetched();
    bool take_computed();
    bool take_stored();
    bool take_synced();
    bool take_interrupt();
    bool take_silence();
    void give_up(Outcome const& outcome);
    void tell(Note const& note);

    comm::Communicator& communicator_;
    BufferPool inputs_;
    BufferPool outputs_;
    Wakeup wakeup_;
    Transfers transfers_;
    Compute compute_;
    std::optional<Stage> fetch_; ///< where the rank fetches itself
    std::optional<Stage> store_; ///< where the rank stores itself
    std::optional<Stage> sync_;  ///< likewise
    InterruptSource* interrupts_;
    Interrupt told_ = Interrupt::none; ///< to root
    bool stopped_ = false;
    bool left_ = false;
    Silence silence_; ///< of root
    bool root_is_silent_ = false;
    std::optional<Failure> failure_;
};

} // namespace distinfer::pipeline
