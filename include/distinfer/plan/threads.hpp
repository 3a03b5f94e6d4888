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

/// Cores that each rank has to itself: one that k ranks of a host may use counts as 1/k of a core. Pure.
std::vector<double> core_shares(std::vector<RankCores> const& ranks);

/// Threads for every rank: the cores that each may use, a core that several ranks of a host may use being shared among
/// them; the smallest over all ranks, 1 at least. One number for all, because a reduction that is split over another
/// number of threads can round differently. Pure.
int threads_per_rank(std::vector<RankCores> const& ranks);

/// Threads of a rank that decode: the cores that its model leaves free, but no more than windows that can wait for
/// them.
/// @param share cores that the rank has to itself
/// @param busy cores that its model keeps busy: its threads, or one where it runs on a GPU
/// @param windows that the rank holds beside the one in the model
int decode_threads(double share, int busy, int windows);

} // namespace distinfer::plan
