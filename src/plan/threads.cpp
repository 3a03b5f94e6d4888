#include "distinfer/plan/threads.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace distinfer::plan
{

int threads_per_rank(std::vector<RankCores> const& ranks)
{
    std::map<std::pair<std::string, int>, int> sharers;
    for (auto const& rank : ranks)
        for (int const core : rank.cores) ++sharers[{rank.host, core}];

    double fewest = ranks.empty() ? 1.0 : 1e9;
    for (auto const& rank : ranks) {
        double share = 0;
        for (int const core : rank.cores) share += 1.0 / sharers[{rank.host, core}];
        fewest = std::min(fewest, share);
    }
    // A third of a core three times is one core, whatever the sum rounds to.
    return std::max(1, static_cast<int>(fewest + 1e-6));
}

} // namespace distinfer::plan
