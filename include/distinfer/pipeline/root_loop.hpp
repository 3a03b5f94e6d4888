#pragma once

#include "distinfer/comm/communicator.hpp"
#include "distinfer/core/stopwatch.hpp"
#include "distinfer/pipeline/commits.hpp"
#include "distinfer/pipeline/compute.hpp"
#include "distinfer/pipeline/deadlines.hpp"
#include "distinfer/pipeline/job.hpp"
#include "distinfer/pipeline/note.hpp"
#include "distinfer/pipeline/sign_of_life.hpp"
#include "distinfer/pipeline/transfers.hpp"
#include "distinfer/plan/losses.hpp"

#include <deque>
#include <functional>

namespace distinfer::pipeline
{

/// Rank 0: hands windows out, to the ranks and to its own model, and sees them stored. It fetches and stores for all of
/// them, unless they do so themselves.
///
/// Where MPI can go on without a rank that has died, its windows go to the others, those included that it has stored
/// and not synced.
///
/// Memory is bounded by the two pools whatever the number of rows and ranks: a window is fetched only into a free input
/// buffer, and an output is received only into a free output buffer.
class RootLoop
{
  public:
    /// Called with the rows of each window that has been stored.
    using Progress = std::function<void(std::uint64_t rows)>;

    /// All of them must outlive it. The thread that calls MPI makes and runs it; the rest of the work is on others.
    RootLoop(Job const& job, comm::Communicator& communicator, comm::Transport& transport, Parts const& parts,
             Progress progress);
    ~RootLoop();
    RootLoop(RootLoop const&) = delete;
    RootLoop& operator=(RootLoop const&) = delete;

    /// Runs until every window is stored and recorded, or until what runs has ended after a failure, or after it was
    /// asked to drain. Where it was asked to leave, or something stalls, until what is stored is recorded: then it must
    /// not be destroyed. After a stall the other ranks have not been told, and have to be ended.
    /// @throws LaunchError
    Ending run();

  private:
    bool finished() const;
    bool may_leave() const;
    bool step();
    bool take_lost();
    void lose(int rank);
    void run_again(plan::Assignment assignment);
    void suspect(std::uint64_t window);
    bool take_interrupt();
    void interrupt(Interrupt how);
    bool commit();
    bool take_left();
    bool take_stall();
    void show_life();
    bool assign();
    bool take_note();
    void accept(int from, Note note);
    void take_synced(int from, Note const& note);
    bool take_fetched();
    bool take_computed();
    bool receive_announced();
    bool take_arrived();
    bool take_stored();
    void send(Task task);
    void store(Task task);
    void announce(plan::Assignment assignment, std::uint64_t bytes);
    void tell(int rank, Note const& note);
    void tell_all(Note const& note);
    void stored(plan::Assignment assignment);
    void fail(Failure failure);
    void give_up(plan::Assignment assignment);

    struct Announced
    {
        plan::Assignment assignment;
        std::uint64_t bytes = 0;
    };

    Job const& job_;
    comm::Communicator& communicator_;
    Progress progress_;
    BufferPool inputs_;
    BufferPool outputs_;
    Wakeup wakeup_;
    plan::Dispatcher dispatcher_;
    Transfers transfers_;
    Stage fetch_;
    Compute compute_;
    Stage store_;
    std::deque<Announced> announced_; ///< results that wait for a buffer
    std::uint64_t unstored_ = 0;      ///< windows assigned that are neither stored nor given up
    std::optional<Failure> failure_;
    Journal* journal_;
    plan::Losses losses_;
    std::vector<int> lost_; ///< ranks that died
    InterruptSource* interrupts_;
    Interrupt interrupt_ = Interrupt::none;
    Stopwatch since_interrupt_; ///< since it last got more urgent
    std::optional<Commits> commits_;
    Deadlines deadlines_;
    SignsOfLife signs_of_life_;
    std::optional<Stall> stall_;
};

} // namespace distinfer::pipeline
