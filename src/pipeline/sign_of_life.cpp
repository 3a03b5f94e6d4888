#include "distinfer/pipeline/sign_of_life.hpp"

#include "distinfer/core/narrow.hpp"

#include <algorithm>

namespace distinfer::pipeline
{

SignsOfLife::SignsOfLife(int ranks, std::optional<double> timeout, Clock clock)
    : clock_(std::move(clock)),
      interval_(std::min(usual_interval, longest_silence(timeout) / 4)),
      last_(narrow<std::size_t>(ranks), clock_())
{}

void SignsOfLife::told(int rank)
{
    last_[narrow<std::size_t>(rank)] = clock_();
}

std::vector<int> SignsOfLife::due()
{
    double const now = clock_();
    if (now < next_look_) return {};
    next_look_ = now + interval_ / 4;
    std::vector<int> ranks;
    for (std::size_t rank = 0; rank < last_.size(); ++rank)
        if (now - last_[rank] >= interval_) ranks.push_back(narrow<int>(rank));
    return ranks;
}

} // namespace distinfer::pipeline
