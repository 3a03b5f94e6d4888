#include "distinfer/plan/threads.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace distinfer::plan
{

namespace
{

/// Whole cores of a share: a third of a core three times is one core, whatever the sum rounds to.
int whole(double share)
{
    return static_cast<int>(share + 1e-6);
}

} // namespace

std::vector<double> core_shares(std::vector<RankPlace> const& ranks)
{
    std::map<std::pair<int, int>, int> sharers;
    for (auto const& rank : ranks)
        for (int const core : rank.cores) ++sharers[{rank.node, core}];

    std::vector<double> shares;
    for (auto const& rank : ranks) {
        double share = 0;
        for (int const core : rank.cores) share += 1.0 / sharers[{rank.node, core}];
        shares.push_back(share);
    }
    return shares;
}

int threads_per_rank(std::vector<RankPlace> const& ranks)
{
    auto const shares = core_shares(ranks);
    return shares.empty() ? 1 : std::max(1, whole(*std::ranges::min_element(shares)));
}

int decode_threads(double share, int busy, int windows)
{
    return std::clamp(whole(share) - busy, 1, std::max(1, windows));
}

} // namespace distinfer::plan
