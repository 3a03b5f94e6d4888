#include "distances.hpp"

#if DISTINFER_HAS_HWLOC
#include <hwloc.h>
#include <hwloc/distances.h>
#endif

#include <memory>

namespace distinfer::device
{

#if DISTINFER_HAS_HWLOC

namespace
{

struct Destroy
{
    void operator()(hwloc_topology_t topology) const noexcept { hwloc_topology_destroy(topology); }
};

using OwnedTopology = std::unique_ptr<hwloc_topology, Destroy>;

OwnedTopology load()
{
    hwloc_topology_t made = nullptr;
    if (hwloc_topology_init(&made) != 0) return nullptr;
    OwnedTopology topology{made};
    return hwloc_topology_load(made) == 0 ? std::move(topology) : nullptr;
}

} // namespace

std::map<std::pair<int, int>, int> hwloc_distances()
{
    auto const topology = load();
    if (!topology) return {};
    unsigned count = 1;
    hwloc_distances_s* matrix = nullptr;
    if (hwloc_distances_get_by_name(topology.get(), "NUMALatency", &count, &matrix, 0) != 0 || count == 0) return {};
    std::map<std::pair<int, int>, int> distances;
    for (unsigned from = 0; from < matrix->nbobjs; ++from)
        for (unsigned to = 0; to < matrix->nbobjs; ++to)
            distances[{static_cast<int>(matrix->objs[from]->os_index), static_cast<int>(matrix->objs[to]->os_index)}] =
                static_cast<int>(matrix->values[from * matrix->nbobjs + to]);
    hwloc_distances_release(topology.get(), matrix);
    return distances;
}

#else

std::map<std::pair<int, int>, int> hwloc_distances()
{
    return {};
}

#endif

} // namespace distinfer::device
