#pragma once

#include "distinfer/plan/binding.hpp"

#include <numeric>
#include <string>
#include <utility>
#include <vector>

/// Ranks, nodes and GPUs for the tests of who gets which.
namespace distinfer::plan
{

inline constexpr int unbound = -1; ///< a rank whose cores are on every NUMA node
inline constexpr int cpu = -1;     ///< in place of a GPU

/// GPU g of a node, of which the first four are attached to NUMA node 0, and the others to 1.
inline VisibleDevice gpu(int g, int number, int numa)
{
    auto const name = std::to_string(g);
    int const own = g / 4;
    return {.kind = "cuda",
            .number = number,
            .uuid = "GPU-" + name,
            .bus = "0000:" + name + "0:00.0",
            .numa = own,
            .distance = numa == unbound || numa == own ? 10 : 32};
}

/// A rank on a node, with its cores on one NUMA node, that sees those GPUs and numbers them as they stand.
inline RankPlace rank(int node, int numa, std::vector<int> const& gpus)
{
    RankPlace place{.node = node, .host = "node" + std::to_string(node)};
    for (std::size_t i = 0; i < gpus.size(); ++i) place.devices.push_back(gpu(gpus[i], static_cast<int>(i), numa));
    return place;
}

inline std::vector<int> first(int count)
{
    std::vector<int> gpus(static_cast<std::size_t>(count));
    std::iota(gpus.begin(), gpus.end(), 0);
    return gpus;
}

inline std::vector<RankPlace> same(int count, RankPlace const& place)
{
    return std::vector<RankPlace>(static_cast<std::size_t>(count), place);
}

inline std::vector<RankPlace> operator+(std::vector<RankPlace> a, std::vector<RankPlace> const& b)
{
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

/// A part of GPU g.
inline VisibleDevice part(int g, std::string const& id, int number = 0)
{
    auto device = gpu(g, number, unbound);
    device.uuid = "MIG-" + id;
    return device;
}

inline RankPlace with(RankPlace place, std::vector<VisibleDevice> devices)
{
    place.devices = std::move(devices);
    return place;
}

/// The same, as a library tells it that knows no UUIDs, or neither those nor buses.
inline RankPlace without_uuids(RankPlace place)
{
    for (auto& device : place.devices) device.uuid.clear();
    return place;
}

inline RankPlace nameless(RankPlace place)
{
    for (auto& device : place.devices) device.uuid = device.bus = "";
    return place;
}

inline std::vector<int> numbers(Binding const& binding)
{
    std::vector<int> given;
    for (auto const& device : binding.devices) given.push_back(device ? device->number : cpu);
    return given;
}

/// The GPU that a rank got, from its UUID; cpu.
inline std::vector<int> gpus(Binding const& binding)
{
    std::vector<int> given;
    for (auto const& device : binding.devices) given.push_back(device ? std::stoi(device->uuid.substr(4)) : cpu);
    return given;
}

inline constexpr BindingOptions any{};
inline constexpr BindingOptions asked{.wish = DeviceWish::gpu};
inline constexpr BindingOptions on_cpu{.wish = DeviceWish::cpu};
inline constexpr BindingOptions shared{.share = true};

} // namespace distinfer::plan
