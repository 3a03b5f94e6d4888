#pragma once

#include "distinfer/plan/rank_place.hpp"

#include <vector>

namespace distinfer::plan
{

/// Cores that each rank has to itself: one that k ranks of a node may use counts as 1/k of a core. Pure.
std::vector<double> core_shares(std::vector<RankPlace> const& ranks);

/// Threads for every rank: the cores that each may use, a core that several ranks of a node may use being shared among
/// them; the smallest over all ranks, 1 at least. One number for all, because a reduction that is split over another
/// number of threads can round differently. Pure.
int threads_per_rank(std::vector<RankPlace> const& ranks);

/// Threads of a rank that decode: the cores that its model leaves free, but no more than windows that can wait for
/// them.
/// @param share cores that the rank has to itself
/// @param busy cores that its model keeps busy: its threads, or one where it runs on a GPU
/// @param windows that the rank holds beside the one in the model
int decode_threads(double share, int busy, int windows);

} // namespace distinfer::plan
