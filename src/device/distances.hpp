#pragma once

#include <map>
#include <utility>

namespace distinfer::device
{

/// Distances between this host's NUMA nodes, as hwloc knows them; none where it knows none or was not found when this
/// was built.
std::map<std::pair<int, int>, int> hwloc_distances();

} // namespace distinfer::device
