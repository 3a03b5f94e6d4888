#pragma once

#include "distinfer/core/wakeup.hpp"

#include <algorithm>

namespace distinfer::pipeline
{

/// How the thread that calls MPI waits: MPI cannot wake it, so it looks again after a pause that doubles while nothing
/// happens, and leaves the core to the model meanwhile. The rank's own stages end the pause at once.
class Backoff
{
  public:
    static constexpr std::chrono::microseconds shortest{20};
    static constexpr std::chrono::microseconds longest{500};

    explicit Backoff(Wakeup& wakeup) : wakeup_(wakeup) {}

    void pause()
    {
        wakeup_.wait_for(pause_);
        pause_ = std::min(pause_ * 2, longest);
    }

    void reset() { pause_ = shortest; }

  private:
    Wakeup& wakeup_;
    std::chrono::microseconds pause_ = shortest;
};

/// Takes steps until done() holds, and pauses after those that had nothing to do.
/// @param step one look at everything that may have happened; whether something had
template <class Done, class Step>
void step_until(Done const& done, Step const& step, Wakeup& wakeup)
{
    Backoff backoff{wakeup};
    while (!done()) {
        if (step())
            backoff.reset();
        else
            backoff.pause();
    }
}

} // namespace distinfer::pipeline
