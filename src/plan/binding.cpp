#include "distinfer/plan/binding.hpp"

#include "distinfer/core/error.hpp"
#include "distinfer/core/narrow.hpp"
#include "matching.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

namespace distinfer::plan
{

namespace
{

/// What one device is told by, and where it stands among those of its node.
using DeviceKey = std::tuple<std::string, std::string, int, int>; // bus, UUID, number, the one rank that sees it

/// A node with the ranks on it.
class Node
{
  public:
    Node(std::vector<RankPlace> const& places, std::vector<std::size_t> ranks)
        : places_(places),
          ranks_(std::move(ranks)),
          by_uuid_(all_know(&VisibleDevice::uuid)),
          by_bus_(all_know(&VisibleDevice::bus))
    {
        for (auto const rank : ranks_)
            for (auto const& device : places_[rank].devices) seen_.insert(key(rank, device));
    }

    std::vector<std::size_t> const& ranks() const { return ranks_; }
    std::size_t devices() const { return seen_.size(); }
    std::string const& host() const { return places_[ranks_.front()].host; }

    DeviceKey key(std::size_t rank, VisibleDevice const& device) const
    {
        if (by_uuid_) return {by_bus_ ? device.bus : "", device.uuid, 0, 0};
        if (by_bus_) return {device.bus, "", 0, 0};
        if (is_alone(rank)) return {"", "", 0, narrow<int>(rank)};
        return {"", "", device.number, -1};
    }

    /// Whether two ranks of it may have one GPU without anybody knowing.
    bool may_be_mistaken() const
    {
        return !by_uuid_ && !by_bus_ && std::ranges::count_if(ranks_, [&](auto rank) { return is_alone(rank); }) > 1;
    }

    /// By rank of the node. @param sharers ranks that may have one device
    std::vector<std::optional<VisibleDevice>> assign(int sharers) const
    {
        Costs costs;
        for (auto const rank : ranks_) {
            auto& row = costs.emplace_back(seen_.size());
            for (auto const& device : places_[rank].devices) row[position(rank, device)] = device.distance;
        }
        auto const matched = match(costs, sharers);
        std::vector<std::optional<VisibleDevice>> devices(ranks_.size());
        for (std::size_t i = 0; i < ranks_.size(); ++i)
            for (auto const& device : places_[ranks_[i]].devices)
                if (matched[i] == position(ranks_[i], device)) devices[i] = device;
        return devices;
    }

  private:
    bool all_know(std::string VisibleDevice::*fact) const
    {
        return std::ranges::all_of(ranks_, [&](auto rank) {
            return std::ranges::none_of(places_[rank].devices,
                                        [&](auto const& device) { return (device.*fact).empty(); });
        });
    }

    /// Its only device is the one that the launcher gave it, whatever its number.
    bool is_alone(std::size_t rank) const { return places_[rank].devices.size() == 1; }

    std::size_t position(std::size_t rank, VisibleDevice const& device) const
    {
        return narrow<std::size_t>(std::distance(seen_.begin(), seen_.find(key(rank, device))));
    }

    std::vector<RankPlace> const& places_;
    std::vector<std::size_t> ranks_;
    bool by_uuid_; ///< how devices are told apart
    bool by_bus_;
    std::set<DeviceKey> seen_;
};

std::vector<Node> nodes_of(std::vector<RankPlace> const& places)
{
    std::map<int, std::vector<std::size_t>> ranks;
    for (std::size_t rank = 0; rank < places.size(); ++rank) ranks[places[rank].node].push_back(rank);
    std::vector<Node> nodes;
    for (auto& [node, on_it] : ranks) nodes.emplace_back(places, std::move(on_it));
    return nodes;
}

bool sees_none(RankPlace const& place)
{
    return place.devices.empty();
}

bool is_complete(std::vector<std::optional<VisibleDevice>> const& devices)
{
    return std::ranges::all_of(devices, [](auto const& device) { return device.has_value(); });
}

[[noreturn]] void refuse_blind(std::vector<RankPlace> const& places)
{
    auto const first = std::ranges::find_if(places, sees_none);
    throw DeviceError("rank " + std::to_string(first - places.begin()) + " on " + first->host +
                          " sees no GPU, and other ranks do",
                      std::to_string(std::ranges::count_if(places, sees_none)) + " of " +
                          std::to_string(places.size()) + " ranks see none",
                      "start ranks only where there are GPUs (srun --gpus-per-task), or set run.device: cpu");
}

[[noreturn]] void refuse_crowded(Node const& node)
{
    auto const devices = std::to_string(node.devices());
    throw DeviceError("there are fewer GPUs on " + node.host() + " than ranks",
                      "its " + std::to_string(node.ranks().size()) + " ranks see " + devices,
                      "start one rank for each GPU (mpirun --map-by ppr:" + devices + ":node, srun --ntasks-per-node=" +
                          devices + "), let each see all of them, or set run.share_device: true");
}

std::vector<std::optional<VisibleDevice>> assign_on(Node const& node, bool share)
{
    auto const most = share ? narrow<int>(node.ranks().size()) : 1;
    for (int sharers = 1; sharers <= most; ++sharers)
        if (auto devices = node.assign(sharers); is_complete(devices)) return devices;
    refuse_crowded(node);
}

Binding all_on_the_cpu(std::size_t ranks)
{
    Binding binding{.devices = std::vector<std::optional<VisibleDevice>>(ranks),
                    .first_users = std::vector<int>(ranks)};
    std::iota(binding.first_users.begin(), binding.first_users.end(), 0);
    return binding;
}

} // namespace

Binding assign_devices(std::vector<RankPlace> const& ranks, BindingOptions options)
{
    if (options.wish == DeviceWish::cpu) return all_on_the_cpu(ranks.size());
    if (std::ranges::all_of(ranks, sees_none)) {
        if (options.wish == DeviceWish::any) return all_on_the_cpu(ranks.size());
        throw DeviceError("no GPU is visible to this job", "LibTorch finds none, or was built for the CPU",
                          "set run.device: cpu, or use the gpu build on nodes with GPUs");
    }
    if (std::ranges::any_of(ranks, sees_none)) refuse_blind(ranks);

    auto binding = all_on_the_cpu(ranks.size());
    binding.every_rank_owns_a_gpu = true;
    for (auto const& node : nodes_of(ranks)) {
        std::map<DeviceKey, int> given;
        auto const devices = assign_on(node, options.share);
        for (std::size_t i = 0; i < devices.size(); ++i) {
            auto const rank = node.ranks()[i];
            auto const [user, is_first] = given.emplace(node.key(rank, *devices[i]), narrow<int>(rank));
            if (!is_first) binding.every_rank_owns_a_gpu = false;
            binding.first_users[rank] = user->second;
            binding.devices[rank] = devices[i];
        }
        if (node.may_be_mistaken()) binding.told_apart = false;
    }
    return binding;
}

} // namespace distinfer::plan
