#pragma once

#include "distinfer/plan/shard.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace distinfer::plan
{

enum class Schedule { dynamic, static_blocks };

/// One window, to be run by one rank.
struct Assignment
{
    std::uint64_t window = 0;
    int rank = 0;

    bool operator==(Assignment const&) const = default;
};

/// Decides which rank runs which window next. It knows nothing of messages: the root asks `next()`, tells `finished()`,
/// and moves bytes as it is told. Each window is assigned once, and again where its rank is lost. Pure state; not
/// thread-safe; every call but lost() is O(1).
class Dispatcher
{
  public:
    /// `slots` is how many windows a rank may hold at a time, the one that it runs included. @pre ranks, slots > 0
    Dispatcher(std::uint64_t windows, int ranks, int slots, Schedule schedule);

    /// The next assignment, or nothing until a rank has room or because nothing is left.
    std::optional<Assignment> next();

    /// The rank has given the window back, and has room for another. @pre the rank holds the window
    void finished(Assignment assignment);

    /// The rank has died: it gets nothing more, and what it holds is assigned again, to others.
    /// @returns the windows that it held, as it got them: it was at work on the first
    std::vector<std::uint64_t> lost(int rank);

    bool is_lost(int rank) const { return lost_[static_cast<std::size_t>(rank)]; }

    /// A window that was finished has to be run again.
    void again(std::uint64_t window);

    /// No window is assigned from now on.
    void stop() noexcept { stopped_ = true; }

    /// Windows that ranks hold now.
    std::uint64_t in_flight() const noexcept { return in_flight_; }

    /// Whether nothing is in flight and nothing will be assigned any more.
    bool done() const noexcept { return in_flight_ == 0 && (stopped_ || left_ == 0); }

  private:
    using Held = std::vector<std::uint64_t>;

    Shard* shard_for(int rank);
    std::optional<std::uint64_t> take_for(int rank);
    void wake_idle();

    Schedule schedule_;
    std::vector<Shard> shards_;       ///< windows not yet assigned: one block a rank, or one for all
    std::deque<std::uint64_t> again_; ///< windows to be assigned again, before any other
    std::vector<Held> held_;          ///< windows each rank holds, as it got them
    std::vector<bool> lost_;          ///< by rank
    bool any_lost_ = false;
    std::deque<int> free_slots_; ///< ranks with room, in the order in which they got it
    std::deque<int> idle_slots_; ///< of ranks for which nothing was left
    std::uint64_t left_;
    std::uint64_t in_flight_ = 0;
    bool stopped_ = false;
};

} // namespace distinfer::plan
