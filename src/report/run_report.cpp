#include "distinfer/report/run_report.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <ctime>

namespace distinfer
{

void to_json(nlohmann::ordered_json& json, StageTimes const& times)
{
    json = {{"windows", times.windows},
            {"bytes", times.bytes},
            {"busy_seconds", times.busy},
            {"starved_seconds", times.starved},
            {"blocked_seconds", times.blocked}};
}

void from_json(nlohmann::ordered_json const& json, StageTimes& times)
{
    json.at("windows").get_to(times.windows);
    json.at("bytes").get_to(times.bytes);
    json.at("busy_seconds").get_to(times.busy);
    json.at("starved_seconds").get_to(times.starved);
    json.at("blocked_seconds").get_to(times.blocked);
}

void to_json(nlohmann::ordered_json& json, NamedTensor const& tensor)
{
    json = {{"dataset", tensor.name}, {"dtype", name_of(tensor.spec.dtype)}, {"row_shape", tensor.spec.row_shape}};
}

} // namespace distinfer

namespace distinfer::report
{

namespace
{

using Json = nlohmann::ordered_json;

Json json_of(BuildInfo const& build)
{
    return {{"version", build.version},   {"git", build.git},
            {"compiler", build.compiler}, {"build_type", build.build_type},
            {"libtorch", build.libtorch}, {"mpi_standard", build.mpi},
            {"hdf5", build.hdf5}};
}

Json json_of(RankReport const& rank)
{
    // Stages that a rank does not have are left out.
    Json stages = Json::object();
    if (rank.fetch.windows > 0) stages["fetch"] = rank.fetch;
    if (rank.decode.windows > 0) stages["decode"] = rank.decode;
    stages["infer"] = rank.infer;
    if (rank.store.windows > 0) stages["store"] = rank.store;
    return {{"rank", rank.rank},
            {"host", rank.host},
            {"cores", rank.cores},
            {"device", rank.device},
            {"peak_memory_bytes", rank.peak_memory_bytes},
            {"batches_in_parts", rank.batches_in_parts},
            {"stages", stages}};
}

StageTimes stage_from(Json const& stages, char const* name)
{
    return stages.contains(name) ? stages.at(name).get<StageTimes>() : StageTimes{};
}

/// Batches that some rank ran in parts: their last bits may differ from those of other runs.
std::uint64_t batches_in_parts(RunReport const& report)
{
    std::uint64_t sum = 0;
    for (auto const& rank : report.ranks) sum += rank.batches_in_parts;
    return sum;
}

Json json_of_result(RunReport const& report)
{
    return {{"rows", report.rows},
            {"rows_stored", report.rows_stored},
            {"rows_resumed", report.rows_resumed},
            {"rows_skipped", report.rows_skipped},
            {"batch", report.batch},
            {"windows", report.windows},
            {"window_rows", report.window_rows},
            {"batches_in_parts", batches_in_parts(report)},
            {"threads", report.threads},
            {"setup_seconds", report.setup_seconds},
            {"run_seconds", report.run_seconds},
            {"rows_per_second", report.rows_per_second()}};
}

Json json_of_batch_search(RunReport const& report)
{
    Json tried = Json::array();
    for (auto const& [rows, seconds] : report.tried_batches) tried.push_back({{"rows", rows}, {"seconds", seconds}});
    return {{"seconds", report.batch_search_seconds}, {"tried", tried}};
}

Json json_of_effects(RunReport const& report)
{
    Json effects = Json::array();
    for (auto const& [dataset, absolute, relative] : report.precision_effects)
        effects.push_back({{"dataset", dataset}, {"absolute", absolute}, {"relative", relative}});
    return effects;
}

} // namespace

std::string encode(RankReport const& rank)
{
    return json_of(rank).dump();
}

RankReport decode_rank(std::string const& text)
{
    try {
        auto const json = Json::parse(text);
        auto const& stages = json.at("stages");
        return {.rank = json.at("rank").get<int>(),
                .host = json.at("host").get<std::string>(),
                .cores = json.at("cores").get<std::vector<int>>(),
                .device = json.at("device").get<std::string>(),
                .fetch = stage_from(stages, "fetch"),
                .decode = stage_from(stages, "decode"),
                .infer = stage_from(stages, "infer"),
                .store = stage_from(stages, "store"),
                .peak_memory_bytes = json.at("peak_memory_bytes").get<std::uint64_t>(),
                .batches_in_parts = json.at("batches_in_parts").get<std::uint64_t>()};
    } catch (nlohmann::json::exception const& error) {
        throw InternalError("internal error: a rank's report cannot be read", error.what());
    }
}

std::string to_json(RunReport const& report)
{
    Json json;
    json["status"] = report.exit_code == ExitCode::done          ? "done"
                     : report.exit_code == ExitCode::skipped     ? "done with skipped rows"
                     : report.exit_code == ExitCode::interrupted ? "interrupted"
                                                                 : "failed";
    json["exit_code"] = static_cast<int>(report.exit_code);
    json["error"] = report.error.empty() ? Json(nullptr) : Json(report.error);
    json["command"] = report.command;
    json["started"] = report.started;
    json["build"] = json_of(build_info());
    json["mpi_library"] = report.mpi_library;
    json["result"] = json_of_result(report);
    if (!report.tried_batches.empty()) json["batch_search"] = json_of_batch_search(report);
    if (!report.precision_effects.empty()) json["precision_effects"] = json_of_effects(report);
    json["bad_rows"] = Json::array();
    for (auto const& [row, reason] : report.bad_rows) json["bad_rows"].push_back({{"row", row}, {"reason", reason}});
    json["model"] = {{"format", report.model_format}, {"sha256", report.model_sha256}};
    json["inputs"] = report.inputs;
    json["outputs"] = report.outputs;
    json["output_file"] = report.output_file;
    json["lost_ranks"] = report.lost_ranks;
    json["ranks"] = Json::array();
    for (auto const& rank : report.ranks) json["ranks"].push_back(json_of(rank));
    json["config"] = {{"text", report.config_text}, {"origins", report.config_origins}};
    // What a message quotes of a broken file need not be UTF-8.
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string to_json(BuildInfo const& build)
{
    return json_of(build).dump(2) + "\n";
}

std::string utc_now()
{
    std::time_t const now = std::time(nullptr);
    std::tm broken_down{};
    gmtime_r(&now, &broken_down);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &broken_down);
    return text.data();
}

} // namespace distinfer::report
