#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace distinfer::plan
{

/// A GPU, or a part of one (MIG), as one rank sees it.
struct VisibleDevice
{
    std::string kind;               ///< as LibTorch names it: "cuda"
    int number = 0;                 ///< among those that the rank sees
    std::string uuid;               ///< "GPU-...", "MIG-..."; empty: unknown
    std::string bus;                ///< PCI bus id, "0000:3b:00.0"; empty: unknown. The parts of a GPU share it
    std::string model;              ///< "NVIDIA H100"; empty: unknown
    std::uint64_t memory_bytes = 0; ///< of all that it has; 0: unknown
    std::optional<int> numa;        ///< NUMA node that it is attached to, where known
    int distance = 0;               ///< from the cores of that rank, as the host counts it; equal where unknown

    std::string name() const { return kind + ":" + std::to_string(number); } ///< "cuda:0"
    bool operator==(VisibleDevice const&) const = default;
};

/// Where a rank runs, and what it sees there.
struct RankPlace
{
    int node = 0; ///< the first rank of the node that it is on
    std::string host;
    std::vector<int> cores;  ///< numbers of the cores in the rank's affinity mask
    std::vector<int> numa;   ///< NUMA nodes of those
    int whole_cores = 0;     ///< that those are, two hardware threads of one core being one
    int cores_to_be_had = 0; ///< whole cores that a launcher could give a rank there
    std::vector<VisibleDevice> devices;

    bool operator==(RankPlace const&) const = default;
};

} // namespace distinfer::plan
