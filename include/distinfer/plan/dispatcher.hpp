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
/// and moves bytes as it is told. Each window is assigned exactly once. Pure state; not thread-safe; every call is
/// O(1).
class Dispatcher
{
  public:
    /// `slots` is how many windows a rank may hold at a time, the one that it runs included. @pre ranks, slots > 0
    Dispatcher(std::uint64_t windows, int ranks, int slots, Schedule schedule);

    /// The next assignment, or nothing until a rank has room or because nothing is left.
    std::optional<Assignment> next();

    /// The rank has given the window back, and has room for another. @pre the rank holds a window
    void finished(int rank);

    /// No window is assigned from now on.
    void stop() noexcept { stopped_ = true; }

    /// Windows that ranks hold now.
    std::uint64_t in_flight() const noexcept { return in_flight_; }

    /// Whether nothing is in flight and nothing will be assigned any more.
    bool done() const noexcept { return in_flight_ == 0 && (stopped_ || left_ == 0); }

  private:
    Shard& shard_of(int rank);

    Schedule schedule_;
    std::vector<Shard> shards_;  ///< windows not yet assigned: one block a rank, or one for all
    std::vector<int> held_;      ///< windows each rank holds
    std::deque<int> free_slots_; ///< ranks with room, in the order in which they got it
    std::uint64_t left_;
    std::uint64_t in_flight_ = 0;
    bool stopped_ = false;
};

} // namespace distinfer::plan
