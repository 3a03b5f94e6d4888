#include "distinfer/app/place.hpp"

#include "distinfer/app/agree.hpp"
#include "distinfer/app/place_text.hpp"
#include "distinfer/core/log.hpp"
#include "distinfer/core/narrow.hpp"
#include "distinfer/device/host.hpp"
#include "distinfer/device/topology.hpp"
#include "distinfer/device/visible.hpp"

#include <nlohmann/json.hpp>

namespace distinfer::app
{

namespace
{

using Json = nlohmann::json;

plan::VisibleDevice located(device::DeviceFacts const& facts, device::Topology const& host,
                            std::vector<int> const& from)
{
    auto const numa = host.node_of_device(facts.bus);
    return {.kind = facts.kind,
            .number = facts.number,
            .uuid = facts.uuid,
            .bus = facts.bus,
            .model = facts.model,
            .memory_bytes = facts.memory_bytes,
            .numa = numa,
            .distance = host.distance(from, numa)};
}

plan::RankPlace own_place(int node, config::DeviceChoice choice)
{
    auto const facts =
        choice == config::DeviceChoice::cpu ? std::vector<device::DeviceFacts>{} : device::visible_devices();
    // hwloc takes its time, and distances are only for devices.
    auto const host = facts.empty() ? device::Topology{"/sys"} : device::Topology::of_this_host();
    plan::RankPlace place{.node = node, .host = device::host_name(), .cores = device::usable_cores()};
    place.numa = host.nodes_of(place.cores);
    place.whole_cores = host.whole_cores(place.cores);
    place.cores_to_be_had = host.whole_cores(device::cores_to_be_had());
    for (auto const& device : facts) place.devices.push_back(located(device, host, place.numa));
    return place;
}

Json to_json(plan::VisibleDevice const& device)
{
    return {{"kind", device.kind},
            {"number", device.number},
            {"uuid", device.uuid},
            {"bus", device.bus},
            {"model", device.model},
            {"memory", device.memory_bytes},
            {"numa", device.numa.value_or(-1)},
            {"distance", device.distance}};
}

plan::VisibleDevice device_from(Json const& json)
{
    auto const numa = json.at("numa").get<int>();
    return {.kind = json.at("kind").get<std::string>(),
            .number = json.at("number").get<int>(),
            .uuid = json.at("uuid").get<std::string>(),
            .bus = json.at("bus").get<std::string>(),
            .model = json.at("model").get<std::string>(),
            .memory_bytes = json.at("memory").get<std::uint64_t>(),
            .numa = numa < 0 ? std::nullopt : std::optional{numa},
            .distance = json.at("distance").get<int>()};
}

} // namespace

std::vector<plan::RankPlace> gather_places(comm::Communicator& communicator, config::DeviceChoice choice)
{
    plan::RankPlace own;
    agree(communicator, [&] { own = own_place(communicator.node().front(), choice); });
    std::vector<plan::RankPlace> places;
    for (auto const& text : communicator.allgather(encode(own))) places.push_back(decode_rank_place(text));
    return places;
}

plan::BindingOptions binding_options(config::RunConfig const& run)
{
    using config::DeviceChoice;
    return {.wish = run.device == DeviceChoice::cpu    ? plan::DeviceWish::cpu
                    : run.device == DeviceChoice::cuda ? plan::DeviceWish::gpu
                                                       : plan::DeviceWish::any,
            .share = run.share_device};
}

std::string device_name(plan::Binding const& binding, int rank)
{
    auto const& device = binding.devices.at(narrow<std::size_t>(rank));
    return device ? device->name() : "cpu";
}

std::vector<report::RankReport> rank_reports(std::vector<plan::RankPlace> const& places, plan::Binding const& binding)
{
    std::vector<report::RankReport> reports;
    for (std::size_t rank = 0; rank < places.size(); ++rank) {
        auto const& place = places[rank];
        auto& report = reports.emplace_back(report::RankReport{.rank = narrow<int>(rank),
                                                               .host = place.host,
                                                               .node = place.node,
                                                               .cores = place.cores,
                                                               .numa = place.numa,
                                                               .device = device_name(binding, narrow<int>(rank))});
        if (auto const& device = binding.devices[rank])
            report.gpu = {.uuid = device->uuid,
                          .bus = device->bus,
                          .model = device->model,
                          .memory_bytes = device->memory_bytes,
                          .numa = device->numa};
    }
    return reports;
}

void tell_places(std::vector<plan::RankPlace> const& places, plan::Binding const& binding, comm::Lookup const& lookup)
{
    for (auto const& line : place_lines(places, binding)) log::info(line);
    if (auto const warning = bound_to_one_core(places, lookup); !warning.empty()) log::warning(warning);
    if (!binding.told_apart)
        log::warning("whether ranks have one GPU in common cannot be told (its library gives neither UUID nor bus); "
                     "each is taken to have its own, as the launcher shows them");
}

std::string encode(plan::RankPlace const& place)
{
    auto devices = Json::array();
    for (auto const& device : place.devices) devices.push_back(to_json(device));
    return Json{{"node", place.node}, {"host", place.host},         {"cores", place.cores},
                {"numa", place.numa}, {"whole", place.whole_cores}, {"to_be_had", place.cores_to_be_had},
                {"devices", devices}}
        .dump(-1, ' ', false, Json::error_handler_t::replace);
}

plan::RankPlace decode_rank_place(std::string const& text)
{
    auto const json = Json::parse(text);
    plan::RankPlace place{.node = json.at("node").get<int>(),
                          .host = json.at("host").get<std::string>(),
                          .cores = json.at("cores").get<std::vector<int>>(),
                          .numa = json.at("numa").get<std::vector<int>>(),
                          .whole_cores = json.at("whole").get<int>(),
                          .cores_to_be_had = json.at("to_be_had").get<int>()};
    for (auto const& device : json.at("devices")) place.devices.push_back(device_from(device));
    return place;
}

} // namespace distinfer::app
