#pragma once

#include "distinfer/pipeline/clock.hpp"

#include <optional>
#include <vector>

namespace distinfer::pipeline
{

/// Seconds for which root may be silent. Long where nobody said: a debugger may hold root.
constexpr double longest_silence(std::optional<double> timeout)
{
    return timeout.value_or(600);
}

/// Tells root which ranks have not heard from it for a while. One thread; O(ranks) once in a while.
class SignsOfLife
{
  public:
    static constexpr double usual_interval = 5; ///< seconds

    /// @param timeout see longest_silence()
    SignsOfLife(int ranks, std::optional<double> timeout, Clock clock);

    /// The rank was told something.
    void told(int rank);

    /// Ranks that were told nothing in the last interval. Each is to be told something now.
    std::vector<int> due();

  private:
    Clock clock_;
    double interval_;
    std::vector<double> last_; ///< when each rank was told something
    double next_look_ = 0;
};

/// A rank's side: whether root has been silent for too long. One thread.
class Silence
{
  public:
    Silence(std::optional<double> timeout, Clock clock)
        : limit_(longest_silence(timeout)), clock_(std::move(clock)), since_(clock_())
    {}

    void heard() { since_ = clock_(); }
    bool is_too_long() { return clock_() - since_ > limit_; }

  private:
    double limit_;
    Clock clock_;
    double since_;
};

} // namespace distinfer::pipeline
