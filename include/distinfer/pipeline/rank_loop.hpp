#pragma once

#include "distinfer/comm/communicator.hpp"
#include "distinfer/pipeline/backoff.hpp"
#include "distinfer/pipeline/job.hpp"
#include "distinfer/pipeline/note.hpp"
#include "distinfer/pipeline/transfers.hpp"

namespace distinfer::pipeline
{

/// A rank other than root: receives windows, runs them, sends the outputs back, until root says stop.
///
/// While a window runs, the next are already here and the last is on its way. A failure is told to root, which ends the
/// job on all ranks alike.
class RankLoop
{
  public:
    /// All of them must outlive it. The thread that calls MPI makes and runs it; the model runs on another.
    RankLoop(Job const& job, comm::Communicator& communicator, comm::Transport& transport, Model& model);
    ~RankLoop();
    RankLoop(RankLoop const&) = delete;
    RankLoop& operator=(RankLoop const&) = delete;

    /// Runs until the job is over. @throws LaunchError where MPI fails
    Ending run();

  private:
    bool step();
    bool take_note();
    void accept(Note const& note);
    bool take_arrived();
    bool take_outcome();
    void answer(Outcome outcome);
    void tell(Note const& note);

    comm::Communicator& communicator_;
    BufferPool inputs_;
    BufferPool outputs_;
    Wakeup wakeup_;
    Transfers transfers_;
    Stage infer_;
    bool stopped_ = false;
    std::optional<Failure> failure_;
};

} // namespace distinfer::pipeline
