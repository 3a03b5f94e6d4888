#pragma once

#include "distinfer/plan/rank_place.hpp"

#include <optional>
#include <vector>

namespace distinfer::plan
{

/// run.device
enum class DeviceWish { any, cpu, gpu };

struct BindingOptions
{
    DeviceWish wish = DeviceWish::any;
    bool share = false; ///< whether two ranks may have one GPU
};

/// What every rank computes on.
struct Binding
{
    std::vector<std::optional<VisibleDevice>> devices; ///< by rank; none: the CPU
    std::vector<int> first_users;                      ///< by rank: the first one with the same device
    bool every_rank_owns_a_gpu = false;                ///< all have one, and no two of them the same
    bool told_apart = true; ///< false: a rank's only device has neither UUID nor bus, so the launcher is believed

    bool operator==(Binding const&) const = default;
};

/// Gives each rank a device that it sees, node by node: each its own, with the smallest sum of distances from the
/// ranks' cores to their devices, and among equals the first ranks the first devices by bus. What two ranks see is one
/// device where it has one UUID, whatever number each gives it; where a rank of the node knows no UUIDs, one bus; where
/// one knows neither, one number.
///
/// All ranks compute on the CPU or all on GPUs: results of the two differ in their last bits. So where a rank sees a
/// GPU every rank has to get one, unless the CPU is asked for. Pure, and the same on every rank.
///
/// @throws DeviceError naming the node, where a rank gets none: no rank sees one though GPUs are asked for, some ranks
/// see none, or there are fewer than ranks and they may not be shared
Binding assign_devices(std::vector<RankPlace> const& ranks, BindingOptions options);

} // namespace distinfer::plan
