#pragma once

#include "distinfer/core/journal.hpp"
#include "distinfer/core/sink.hpp"
#include "distinfer/core/stopwatch.hpp"
#include "distinfer/pipeline/stage.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace distinfer::pipeline
{

/// Root's commits: what has been stored is made durable by the ranks that stored it, and then recorded. One commit at a
/// time, on a thread of its own, while windows move on. All calls: one thread.
///
/// A commit takes the windows that were stored when it began. A rank tells of a window after it has stored it, and
/// syncs after it was asked to: so its sync covers them.
class Commits
{
  public:
    /// Asks another rank to sync; it answers with synced().
    using AskToSync = std::function<void(int rank)>;

    /// @param own this rank
    /// @param interval seconds between the beginnings of two commits
    Commits(Sink& sink, Journal& journal, Wakeup& wakeup, int own, double interval, AskToSync ask);

    /// A window that a rank has stored, and its rows. @param bad those of them that hold the fill value
    void stored(plan::Assignment by, RowRange rows, std::vector<BadRow> bad = {});

    /// The rank that was asked has synced.
    void synced(int rank);

    /// The rank has died, or will not answer any more. @returns the windows that it stored and did not sync: nobody
    /// knows whether they are durable, and they are not recorded
    std::vector<std::uint64_t> lost(int rank);

    /// Whether this rank is at work for a commit.
    bool is_at_work() const { return !broken_ && is_running_ && (awaited_.empty() || awaited_.contains(own_)); }

    /// Takes the next step, and begins a commit where one is due. Whether something happened.
    /// @param hurry a commit is due as soon as there is something to record
    bool step(bool hurry);

    /// Whether all that was stored is recorded, or nothing can be recorded any more.
    bool idle() const { return broken_ || (!is_running_ && pending_.empty()); }

    /// Why a commit failed, once.
    std::optional<Failure> take_failure() { return std::exchange(failure_, std::nullopt); }

    /// A rank will not answer any more; what it stored since its last sync is not recorded.
    void stop() { broken_ = true; }

  private:
    enum Work : std::uint64_t { sync, record };

    struct Stored
    {
        plan::Assignment by;
        RowRange rows;
        std::vector<BadRow> bad;
    };

    void begin();
    void record_all();
    void take_done(Outcome const& outcome);
    void push(Work work) { stage_.push({{work, own_}, {}}); }

    int own_;
    double interval_;
    AskToSync ask_;
    std::vector<Stored> pending_; ///< stored, and in no commit yet
    std::size_t pending_bad_ = 0; ///< bad rows in it
    bool is_running_ = false;
    std::vector<Stored> running_;        ///< what the commit that runs takes
    std::vector<RowRange> running_rows_; ///< of running_, once all of it is durable
    std::vector<BadRow> running_bad_;    ///< likewise, in order
    std::set<int> awaited_;              ///< ranks whose sync the commit waits for
    Stopwatch since_begin_;
    bool broken_ = false;
    std::optional<Failure> failure_;
    Stage stage_; ///< last: its thread uses what is above
};

} // namespace distinfer::pipeline
