#pragma once

#include "distinfer/pipeline/clock.hpp"
#include "distinfer/pipeline/recent_times.hpp"
#include "distinfer/plan/dispatcher.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

namespace distinfer::pipeline
{

/// Where a window is, as far as root can see.
enum class Phase {
    fetch,  ///< root reads it
    send,   ///< on its way to its rank
    run,    ///< its rank has it, and does whatever a rank does in this mode; root's own windows too
    wait,   ///< its result waits for a buffer on root; nobody's fault
    gather, ///< its result is on its way to root
    store,  ///< root writes it
    commit, ///< not a window: a rank makes durable what it has stored, and root records it
};

/// The phase's name in messages.
char const* name_of(Phase phase);

/// What has made no progress for too long.
struct Stall
{
    Phase phase = Phase::run;
    int rank = 0;                        ///< who is to move it on
    std::optional<std::uint64_t> window; ///< the one that came first of those that stand still; nothing: a commit
    double seconds = 0;                  ///< without progress
    double limit = 0;                    ///< seconds that were allowed
};

/// Root's deadlines: told where each window is, it finds the one that stands still. Each rank works on one window after
/// the other in each phase, or on one in each lane of its model; so whatever leaves a phase of a rank starts the clock
/// of what is still there, and a window that only queues is never late. While results of a rank wait for root, the rank
/// is not expected to run on.
///
/// One thread. A call costs O(log ranks), overdue() O(ranks) four times a second.
class Deadlines
{
  public:
    static constexpr double least = 60;     ///< seconds that auto allows at least
    static constexpr double multiple = 20;  ///< auto allows that many times the median of a phase's times
    static constexpr double at_first = 600; ///< seconds that auto allows before anything has left a phase of a rank

    /// @param timeout seconds without progress; nothing: auto
    /// @param root the rank that fetches and stores
    Deadlines(std::optional<double> timeout, int root, Clock clock)
        : timeout_(timeout), root_(root), clock_(std::move(clock))
    {}

    /// The window has come into a phase, and left the one that it was in.
    void enter(Phase phase, plan::Assignment assignment);

    /// All bytes of the window have left root; where its rank has not answered by now, it runs it.
    void sent(plan::Assignment assignment);

    /// The window is stored, or given up.
    void left(plan::Assignment assignment);

    /// The rank is to do its part of a commit, and has; one that has begun does not begin again.
    void commit_begins(int rank);
    void commit_ends(int rank);

    /// What has stood still for the longest time, where that is too long. Looks four times a second at most.
    std::optional<Stall> overdue();

  private:
    struct Place
    {
        std::deque<std::uint64_t> windows; ///< in the order in which they came
        double since = 0;                  ///< when something last left, or came to an empty place
        bool has_moved = false;            ///< whether anything has left
    };

    using Key = std::pair<Phase, int>;

    Key key_of(Phase phase, plan::Assignment assignment) const;
    void put(Key key, std::uint64_t window);
    void take(Key key, std::uint64_t window);
    bool is_held_up(Key key) const;
    double limit_of(Key key, Place const& place) const;

    std::optional<double> timeout_;
    int root_;
    Clock clock_;
    std::map<Key, Place> places_;
    std::unordered_map<std::uint64_t, Phase> phases_; ///< of windows
    std::map<Phase, RecentTimes> times_;              ///< from one progress to the next
    double next_look_ = 0;
};

} // namespace distinfer::pipeline
