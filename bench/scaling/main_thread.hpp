#pragma once

#include "distinfer/pipeline/backoff.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>

namespace distinfer::scaling
{

/// A window about which a thread has something to do, and what: the order of the life of a window.
enum class What : std::uint8_t {
    assign,   ///< the note of root that a rank shall run it
    fetched,  ///< it has been read
    arrived,  ///< its bytes have come from another rank
    left,     ///< its bytes have gone to another rank
    inferred, ///< the model has run
    result,   ///< the note of a rank that it has run
    stored,   ///< it has been written
};

struct Item
{
    What what = What::assign;
    std::uint64_t window = 0;
};

/// When the loop of pipeline::step_until looks next, if it last did something at 0 and something comes at `after`.
/// Seconds.
inline double next_look(double after)
{
    using Seconds = std::chrono::duration<double>;
    double const longest = Seconds{pipeline::Backoff::longest}.count();
    double pause = Seconds{pipeline::Backoff::shortest}.count();
    double look = 0;
    for (; look < after && pause < longest; pause *= 2) look += pause;
    return look >= after ? look : look + std::ceil((after - look) / longest) * longest;
}

/// The thread of a rank that calls MPI. It deals with one thing after another, and pauses while there is none: a stage
/// of its own rank ends the pause, a message does not.
class MainThread
{
  public:
    /// @param message seconds for each thing that it handles or begins
    explicit MainThread(double message) : message_(message) {}

    /// Something came. The time of a look that was not planned before, if that makes one.
    std::optional<double> come(double now, Item item)
    {
        items_.push_back(item);
        bool const wakes = item.what == What::fetched || item.what == What::inferred || item.what == What::stored;
        return plan(now <= free_ || wakes ? std::max(now, free_) : free_ + next_look(now - free_));
    }

    /// What it takes up at a look that was planned for now; nothing where an earlier one came in between.
    std::optional<Item> look(double now)
    {
        if (now != look_) return std::nullopt;
        look_ = never;
        free_ = now;
        work();
        Item const item = items_.front();
        items_.pop_front();
        return item;
    }

    /// The look after the one that it has just done with, if anything is left.
    std::optional<double> look_again() { return items_.empty() ? std::nullopt : plan(free_); }

    /// Does one more thing, such as sending a note. When it is done.
    double work()
    {
        busy_ += message_;
        return free_ += message_;
    }

    double busy() const { return busy_; }

  private:
    static constexpr double never = std::numeric_limits<double>::infinity();

    std::optional<double> plan(double look)
    {
        if (look >= look_) return std::nullopt;
        look_ = look;
        return look;
    }

    double message_;
    std::deque<Item> items_;
    double free_ = 0;     ///< when it is done with what it has taken up
    double look_ = never; ///< when it takes up the next
    double busy_ = 0;
};

} // namespace distinfer::scaling
