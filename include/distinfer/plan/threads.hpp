#pragma once

#include <string>
#include <vector>

namespace distinfer::plan
{

/// What one rank may use of its host.
struct RankCores
{
    std::string host;
    std::vector<int> cores; ///< numbers of the cores in the rank's affinity mask
};

/// Threads for every rank: the cores that each may use, a core that several ranks of a host may use being shared among
/// them; the smallest over all ranks, 1 at least. One number for all, because a reduction that is split over another
/// number of threads can round differently. Pure.
int threads_per_rank(std::vector<RankCores> const& ranks);

} // namespace distinfer::plan
