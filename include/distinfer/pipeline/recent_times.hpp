#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

namespace distinfer::pipeline
{

/// The last times that something took, in seconds.
class RecentTimes
{
  public:
    void add(double seconds) noexcept { seconds_[count_++ % seconds_.size()] = seconds; }

    /// 0 where there is none. O(1): there are few.
    double median() const
    {
        auto const kept = std::min(count_, seconds_.size());
        if (kept == 0) return 0;
        auto sorted = seconds_;
        auto const middle = sorted.begin() + static_cast<std::ptrdiff_t>(kept / 2);
        std::nth_element(sorted.begin(), middle, sorted.begin() + static_cast<std::ptrdiff_t>(kept));
        return *middle;
    }

  private:
    std::array<double, 63> seconds_{};
    std::size_t count_ = 0;
};

} // namespace distinfer::pipeline
