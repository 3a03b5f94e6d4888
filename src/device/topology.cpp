#include "distinfer/device/topology.hpp"

#include "distances.hpp"
#include "distinfer/device/core_list.hpp"

#include <algorithm>
#include <climits>
#include <fstream>
#include <set>
#include <sstream>

namespace distinfer::device
{

namespace
{

// What Linux says where the firmware says nothing.
constexpr int nearest = 10;
constexpr int elsewhere = 20;

/// The first line of a file; empty where there is none.
std::string line_of(std::string const& path)
{
    std::ifstream file{path};
    std::string line;
    std::getline(file, line);
    return line;
}

std::vector<int> numbers(std::string const& line)
{
    std::istringstream words{line};
    std::vector<int> found;
    for (int number = 0; words >> number;) found.push_back(number);
    return found;
}

} // namespace

Topology::Topology(std::string sys) : sys_(std::move(sys))
{
    auto const nodes = sys_ + "/devices/system/node";
    auto const online = parse_core_list(line_of(nodes + "/online"));
    for (int const node : online) {
        auto const folder = nodes + "/node" + std::to_string(node);
        for (int const core : parse_core_list(line_of(folder + "/cpulist"))) node_of_core_[core] = node;
        // One for each node that is online, in their order.
        auto const row = numbers(line_of(folder + "/distance"));
        for (std::size_t i = 0; i < std::min(row.size(), online.size()); ++i) distances_[{node, online[i]}] = row[i];
    }
}

Topology Topology::of_this_host()
{
    Topology topology{"/sys"};
    if (auto known = hwloc_distances(); !known.empty()) topology.distances_ = std::move(known);
    return topology;
}

std::vector<int> Topology::nodes_of(std::vector<int> const& cores) const
{
    std::set<int> nodes;
    for (int const core : cores)
        if (auto const found = node_of_core_.find(core); found != node_of_core_.end()) nodes.insert(found->second);
    return {nodes.begin(), nodes.end()};
}

std::optional<int> Topology::node_of_device(std::string const& bus) const
{
    auto const line = numbers(line_of(sys_ + "/bus/pci/devices/" + bus + "/numa_node"));
    // Firmware that does not know says -1.
    if (bus.empty() || line.empty() || line.front() < 0) return std::nullopt;
    return line.front();
}

int Topology::distance(std::vector<int> const& from, std::optional<int> to) const
{
    if (!to || from.empty()) return elsewhere;
    int least = INT_MAX;
    for (int const node : from) {
        auto const known = distances_.find({node, *to});
        int const otherwise = node == *to ? nearest : elsewhere;
        least = std::min(least, known != distances_.end() ? known->second : otherwise);
    }
    return least;
}

int Topology::whole_cores(std::vector<int> const& cores) const
{
    std::set<int> first_threads;
    for (int const core : cores) {
        auto const folder = sys_ + "/devices/system/cpu/cpu" + std::to_string(core) + "/topology";
        auto const siblings = parse_core_list(line_of(folder + "/thread_siblings_list"));
        first_threads.insert(siblings.empty() ? core : siblings.front());
    }
    return static_cast<int>(first_threads.size());
}

} // namespace distinfer::device
