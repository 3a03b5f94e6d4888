#pragma once

#include "distinfer/plan/window_plan.hpp"

#include <cstdint>
#include <utility>

namespace distinfer::scaling
{

/// What a job does: its rows, and how long the model takes for them.
struct Work
{
    std::uint64_t rows = 0;
    std::uint64_t row_in = 0;                       ///< bytes
    std::uint64_t row_out = 0;                      ///< bytes
    std::uint64_t batch = 1;                        ///< rows
    std::uint64_t window = std::uint64_t{64} << 20; ///< bytes that a window aims at, as run.window

    double batch_seconds = 0;      ///< of a full batch, on average, stragglers apart
    double batch_spread = 0.05;    ///< standard deviation of its logarithm
    double rank_spread = 0.02;     ///< of the logarithm of a rank's speed: no two processors are quite alike
    double straggler_share = 1e-3; ///< batches that something holds up
    double straggler_factor = 10;  ///< how many times as long those take
    std::uint64_t seed = 1;

    /// Its windows for that many ranks, as the program plans them.
    plan::WindowPlan windows(int ranks) const;
};

/// Seconds that each window is in the model. A window takes equally long whichever rank runs it, but for the rank's
/// speed. Pure.
class ModelTimes
{
  public:
    ModelTimes(Work const& work, plan::WindowPlan windows) : work_(work), windows_(std::move(windows)) {}

    double seconds(std::uint64_t window) const;

    /// By which the seconds of a window are multiplied on that rank.
    double slowness(int rank) const;

  private:
    Work work_;
    plan::WindowPlan windows_;
};

} // namespace distinfer::scaling
