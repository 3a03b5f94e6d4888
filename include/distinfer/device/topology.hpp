#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace distinfer::device
{

/// Which cores and devices of a host lie together.
class Topology
{
  public:
    /// What Linux tells of it. What it does not tell, in a container for instance, is left open.
    /// @param sys the folder that is read, "/sys"
    explicit Topology(std::string sys);

    /// This host: as Linux tells it, with the distances of hwloc where that is there and knows some.
    static Topology of_this_host();

    /// NUMA nodes of the cores, sorted.
    std::vector<int> nodes_of(std::vector<int> const& cores) const;

    /// NUMA node that a PCI device, "0000:3b:00.0", is attached to.
    std::optional<int> node_of_device(std::string const& bus) const;

    /// From the nearest of some NUMA nodes to another, as the firmware counts it: 10 within a node, more to others, and
    /// 20 where nobody knows.
    int distance(std::vector<int> const& from, std::optional<int> to) const;

    /// How many cores some hardware threads are: two of one core are one.
    int whole_cores(std::vector<int> const& cores) const;

  private:
    std::string sys_;
    std::map<int, int> node_of_core_;
    std::map<std::pair<int, int>, int> distances_;
};

} // namespace distinfer::device
