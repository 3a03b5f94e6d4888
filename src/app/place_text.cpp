#include "distinfer/app/place_text.hpp"

#include "distinfer/core/narrow.hpp"
#include "distinfer/device/core_list.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <map>
#include <set>

namespace distinfer::app
{

namespace
{

constexpr std::size_t nodes_in_full = 4; ///< as many nodes are told one by one
constexpr std::size_t most_kinds = 8;    ///< of nodes, where there are more

using Ranks = std::vector<int>;

/// The ranks of each node, by its first.
std::map<int, Ranks> by_node(std::vector<plan::RankPlace> const& places)
{
    std::map<int, Ranks> nodes;
    for (std::size_t rank = 0; rank < places.size(); ++rank) nodes[places[rank].node].push_back(narrow<int>(rank));
    return nodes;
}

std::string device_text(plan::VisibleDevice const& device, bool identity)
{
    std::string about = device.model;
    auto const add = [&](std::string const& fact) {
        if (!fact.empty()) about += (about.empty() ? "" : ", ") + fact;
    };
    if (device.memory_bytes > 0) add(fmt::format("{} GiB", device.memory_bytes >> 30));
    if (device.numa) add(fmt::format("NUMA {}", *device.numa));
    if (identity) add(device.uuid.empty() ? device.bus : device.uuid);
    return about.empty() ? device.name() : device.name() + " (" + about + ")";
}

/// What a line says behind the colon. @param identity which device of its kind it is, too
std::string place_text(plan::RankPlace const& place, std::optional<plan::VisibleDevice> const& device, bool identity)
{
    auto const numa = place.numa.empty() ? "" : ", NUMA " + device::core_list(place.numa);
    return "cores " + device::core_list(place.cores) + numa + ", " +
           (device ? device_text(*device, identity) : std::string{"cpu"});
}

class Map
{
  public:
    Map(std::vector<plan::RankPlace> const& places, plan::Binding const& binding) : places_(places), binding_(binding)
    {}

    std::vector<std::string> lines() const
    {
        auto const nodes = by_node(places_);
        std::vector<std::string> lines;
        if (nodes.size() <= nodes_in_full) {
            for (auto const& [node, ranks] : nodes) add(lines, ranks, places_[narrow<std::size_t>(node)].host, true);
            return lines;
        }
        std::vector<Kind> const kinds = kinds_of(nodes);
        for (std::size_t i = 0; i < std::min(kinds.size(), most_kinds); ++i) add(lines, kinds[i]);
        if (kinds.size() > most_kinds)
            lines.push_back(
                fmt::format("and {} more kinds of nodes; report.json has all ranks", kinds.size() - most_kinds));
        return lines;
    }

  private:
    /// Nodes with the same ranks on them, but for their numbers and which devices they have.
    struct Kind
    {
        std::vector<std::string> texts;
        Ranks first; ///< the ranks of the first node
        std::size_t nodes = 0;
    };

    std::string text(int rank, bool identity) const
    {
        auto const at = narrow<std::size_t>(rank);
        return place_text(places_[at], binding_.devices[at], identity);
    }

    std::vector<Kind> kinds_of(std::map<int, Ranks> const& nodes) const
    {
        std::vector<Kind> kinds;
        for (auto const& [node, ranks] : nodes) {
            std::vector<std::string> texts;
            for (int const rank : ranks) texts.push_back(text(rank, false));
            auto known = std::ranges::find(kinds, texts, &Kind::texts);
            if (known == kinds.end()) known = kinds.insert(kinds.end(), {std::move(texts), ranks, 0});
            ++known->nodes;
        }
        return kinds;
    }

    void add(std::vector<std::string>& lines, Kind const& kind) const
    {
        auto const& host = places_[narrow<std::size_t>(kind.first.front())].host;
        auto const others = kind.nodes == 1 ? "" : fmt::format(", and likewise on {} more nodes", kind.nodes - 1);
        add(lines, kind.first, host + others, kind.nodes == 1);
    }

    /// A line for each thing that ranks of a node have in common.
    void add(std::vector<std::string>& lines, Ranks const& ranks, std::string const& where, bool identity) const
    {
        std::vector<std::pair<std::string, Ranks>> groups;
        for (int const rank : ranks) {
            auto said = text(rank, identity);
            auto group = std::ranges::find(groups, said, &std::pair<std::string, Ranks>::first);
            if (group == groups.end()) group = groups.emplace(groups.end(), std::move(said), Ranks{});
            group->second.push_back(rank);
        }
        for (auto const& [said, members] : groups)
            lines.push_back(fmt::format("rank{} {} on {}: {}", members.size() == 1 ? "" : "s",
                                        device::core_list(members), where, said));
    }

    std::vector<plan::RankPlace> const& places_;
    plan::Binding const& binding_;
};

/// Ranks of a node that their launcher bound to one core: it could give each several, or gave some the same one.
Ranks bound(std::vector<plan::RankPlace> const& places, Ranks const& ranks)
{
    Ranks narrow_ones;
    std::set<int> cores;
    for (int const rank : ranks) {
        auto const& place = places[narrow<std::size_t>(rank)];
        if (place.whole_cores != 1) continue;
        narrow_ones.push_back(rank);
        cores.insert(place.cores.front());
    }
    if (narrow_ones.empty()) return {};
    auto const had = narrow<std::size_t>(places[narrow<std::size_t>(ranks.front())].cores_to_be_had);
    bool const crowded = cores.size() < narrow_ones.size() && had > cores.size();
    return had >= 2 * ranks.size() || crowded ? narrow_ones : Ranks{};
}

/// The options of whoever started the ranks that give each so many cores; empty where it is not known.
std::string options_for(std::size_t cores, comm::Lookup const& lookup)
{
    if (lookup("OMPI_COMM_WORLD_SIZE"))
        return cores > 1 ? fmt::format("mpirun --map-by slot:PE={}, or --bind-to none", cores)
                         : "mpirun --bind-to none";
    if (lookup("SLURM_STEP_ID")) return fmt::format("srun --cpus-per-task={}", cores);
    return {};
}

} // namespace

std::vector<std::string> place_lines(std::vector<plan::RankPlace> const& places, plan::Binding const& binding)
{
    return Map{places, binding}.lines();
}

std::string bound_to_one_core(std::vector<plan::RankPlace> const& places, comm::Lookup const& lookup)
{
    Ranks all;
    std::size_t least = SIZE_MAX; // cores for each rank, on the fullest of those nodes
    for (auto const& [node, ranks] : by_node(places)) {
        auto const some = bound(places, ranks);
        if (some.empty()) continue;
        all.insert(all.end(), some.begin(), some.end());
        auto const had = narrow<std::size_t>(places[narrow<std::size_t>(ranks.front())].cores_to_be_had);
        least = std::min(least, std::max<std::size_t>(1, had / ranks.size()));
    }
    if (all.empty()) return {};
    auto const options = options_for(least, lookup);
    if (options.empty()) return {};
    auto const& first = places[narrow<std::size_t>(all.front())];
    return fmt::format("{} of {} ranks are bound to one core each (the first is rank {} on {}, where {} cores could be "
                       "had); start the job with {}",
                       all.size(), places.size(), all.front(), first.host, first.cores_to_be_had, options);
}

} // namespace distinfer::app
