#pragma once

#include "distinfer/core/stopwatch.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace distinfer::pipeline
{

/// Seconds, by a clock of the caller.
using Clock = std::function<double()>;

/// A clock for a thread that looks at it all the time. Between two looks at most a second passes by it: while the
/// process is stopped, in a debugger or in a long call, nobody else is late.
class LookingClock
{
  public:
    static constexpr double longest_step = 1; ///< seconds

    LookingClock() : LookingClock([watch = Stopwatch{}] { return watch.seconds(); }) {}
    explicit LookingClock(Clock clock) : clock_(std::move(clock)), last_look_(clock_()) {}

    double operator()()
    {
        double const now = clock_();
        passed_ += std::min(now - last_look_, longest_step);
        last_look_ = now;
        return passed_;
    }

  private:
    Clock clock_;
    double last_look_;
    double passed_ = 0;
};

} // namespace distinfer::pipeline
