#include "scaling/work.hpp"

#include "distinfer/core/narrow.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace distinfer::scaling
{

namespace
{

/// Random numbers from a seed and a number: those of each window are its own, in whatever order windows run. The steps
/// are splitmix64's; the standard's distributions differ between libraries.
class Random
{
  public:
    Random(std::uint64_t seed, std::uint64_t number) : state_(mixed(mixed(seed) + number)) {}

    /// From 0, exclusive, to 1.
    double uniform() { return (static_cast<double>(next() >> 11) + 1) * 0x1p-53; }

    double normal()
    {
        double const radius = std::sqrt(-2 * std::log(uniform()));
        return radius * std::cos(2 * std::numbers::pi * uniform());
    }

    /// Log-normal, 1 on average.
    double around_one(double spread) { return spread == 0 ? 1 : std::exp(spread * normal() - spread * spread / 2); }

  private:
    static constexpr std::uint64_t step = 0x9e3779b97f4a7c15;

    static std::uint64_t mixed(std::uint64_t z)
    {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    std::uint64_t next() { return mixed(state_ += step); }

    std::uint64_t state_;
};

} // namespace

plan::WindowPlan Work::windows(int ranks) const
{
    return plan::plan_windows({rows, batch},
                              {.window_bytes = window, .row_bytes = std::max(row_in, row_out), .ranks = ranks});
}

double ModelTimes::seconds(std::uint64_t window) const
{
    Random random{work_.seed, window};
    double sum = 0;
    for (RowRange const batch : windows_.batches(window)) {
        double const share = static_cast<double>(batch.size()) / static_cast<double>(work_.batch);
        double const held_up = random.uniform() < work_.straggler_share ? work_.straggler_factor : 1;
        sum += share * held_up * work_.batch_seconds * random.around_one(work_.batch_spread);
    }
    return sum;
}

double ModelTimes::slowness(int rank) const
{
    return Random{~work_.seed, narrow<std::uint64_t>(rank)}.around_one(work_.rank_spread);
}

} // namespace distinfer::scaling
