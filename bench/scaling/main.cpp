#include "distinfer/core/error.hpp"
#include "scaling/options.hpp"
#include "scaling/rates.hpp"
#include "scaling/sweep.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <future>
#include <iostream>
#include <limits>
#include <vector>

namespace distinfer::scaling
{

namespace
{

using Json = nlohmann::ordered_json;

constexpr int least_ranks = 8;
constexpr int most_ranks = 1024;                 ///< that the limits of a mode are looked for in
constexpr std::uint64_t least_windows = 100'000; ///< of a rate
constexpr int rounds = 3;                        ///< of a rate; the best one counts, as others share the machine

std::vector<int> rank_counts(int most)
{
    std::vector<int> counts;
    for (int ranks = least_ranks; ranks <= most; ranks *= 2) counts.push_back(ranks);
    return counts;
}

/// Windows for a rate: sixteen a rank or more, as the program plans them.
std::uint64_t windows_for(int ranks)
{
    return std::max<std::uint64_t>(least_windows, 16 * static_cast<std::uint64_t>(ranks));
}

template <class Measure>
double best(Measure const& measure)
{
    double highest = 0;
    for (int round = 0; round < rounds; ++round) highest = std::max(highest, measure());
    return highest;
}

Json rate_of(int ranks)
{
    auto const windows = windows_for(ranks);
    auto const dispatcher = [&](plan::Schedule schedule) -> Json {
        return {{"windows_per_s", best([&] { return dispatcher_rate(ranks, windows, schedule); })},
                {"state_bytes", dispatcher_bytes(ranks, windows, schedule)}};
    };
    return {{"ranks", ranks},
            {"dynamic", dispatcher(plan::Schedule::dynamic)},
            {"static", dispatcher(plan::Schedule::static_blocks)},
            {"root_direct_windows_per_s", best([&] { return root_rate(ranks, windows, true); })},
            {"root_scatter_windows_per_s", best([&] { return root_rate(ranks, windows / 10, false); })}};
}

Json rates(int max_ranks)
{
    Json found = Json::array();
    for (int const ranks : rank_counts(max_ranks)) found.push_back(rate_of(ranks));
    return found;
}

/// Seconds of root's loop for a note, at the slowest rate measured: a window is one note there and one back.
double loop_message(Json const& rates)
{
    double slowest = 1e12;
    for (auto const& rate : rates) slowest = std::min(slowest, rate["root_direct_windows_per_s"].get<double>());
    return 1 / slowest / 2;
}

Json to_json(Outcome const& outcome)
{
    return {{"seconds", outcome.seconds},
            {"windows", outcome.windows},
            {"rows_per_window", outcome.rows_per_window},
            {"model_seconds", outcome.model_seconds},
            {"efficiency", outcome.efficiency},
            {"root_thread", outcome.root_thread},
            {"root_reading", outcome.root_reading},
            {"root_sending", outcome.root_sending},
            {"root_receiving", outcome.root_receiving},
            {"file_system", outcome.file_system}};
}

Json to_json(Machine const& machine)
{
    return {{"ranks_per_host", machine.ranks_per_host},
            {"link_out", machine.link_out},
            {"link_in", machine.link_in},
            {"memory", machine.memory},
            {"latency", machine.latency},
            {"reader", machine.reader},
            {"writer", machine.writer},
            {"file_system", machine.file_system},
            {"storage_latency", machine.storage_latency},
            {"storage_over_link", machine.storage_over_link},
            {"message", machine.message}};
}

Json points(Work const& work, Options const& options, Mode mode)
{
    Json found = Json::array();
    for (int const ranks : rank_counts(options.max_ranks)) {
        auto point = to_json(simulate(case_of(work, options.job.machine, ranks, mode, options.windows_per_rank)));
        point["ranks"] = ranks;
        found.push_back(std::move(point));
    }
    return found;
}

Json sweep_work(NamedWork const& named, Options const& options)
{
    auto const machine = options.job.machine;
    auto fast_reader = machine;
    fast_reader.reader = std::numeric_limits<double>::infinity();
    int const most = std::min(options.max_ranks, most_ranks);
    auto const wins = direct_wins_from(named.work, machine, most);
    return {{"name", named.name},
            {"title", named.title},
            {"scatter", points(named.work, options, Mode::scatter)},
            {"direct", points(named.work, options, Mode::direct)},
            {"scatter_limit", scatter_limit(named.work, machine, most)},
            {"scatter_limit_fast_reader", scatter_limit(named.work, fast_reader, most)},
            {"direct_wins_from", wins ? Json(*wins) : Json()}};
}

Json sweep(Options const& options)
{
    std::vector<std::future<Json>> running;
    for (auto const& named : sweep_works())
        running.push_back(std::async(std::launch::async, [=] { return sweep_work(named, options); }));
    auto required = to_json(simulate(required_case(options.job.machine, options.max_ranks)));
    required["ranks"] = options.max_ranks;
    Json works = Json::array();
    for (auto& work : running) works.push_back(work.get());
    return {{"machine", to_json(options.job.machine)}, {"works", std::move(works)}, {"required", std::move(required)}};
}

Json run(Options options)
{
    if (options.part == "case") return to_json(simulate(options.job));
    Json result;
    if (options.part != "sweep") result["rates"] = rates(options.max_ranks);
    if (result.contains("rates") && !options.message_given)
        options.job.machine.message = loop_message(result["rates"]) + mpi_message;
    if (options.part != "rates") result.update(sweep(options));
    return result;
}

} // namespace

} // namespace distinfer::scaling

int main(int argc, char** argv)
{
    try {
        if (auto const options = distinfer::scaling::parse_options(argc, argv))
            std::cout << distinfer::scaling::run(*options).dump(1) << '\n';
        return 0;
    } catch (distinfer::Error const& error) {
        std::cerr << "scaling_bench: " << error.what() << '\n';
        return static_cast<int>(error.code());
    }
}
