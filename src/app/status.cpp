#include "distinfer/app/status.hpp"

#include "distinfer/app/earlier_run.hpp"
#include "distinfer/app/paths.hpp"
#include "distinfer/app/report_file.hpp"
#include "distinfer/config/load.hpp"
#include "distinfer/file/file.hpp"
#include "distinfer/io/output_lock.hpp"
#include "distinfer/io/output_path.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <system_error>

namespace distinfer::app
{

namespace
{

namespace fs = std::filesystem;

bool exists(std::string const& path)
{
    std::error_code ignored;
    return fs::exists(path, ignored);
}

/// "500 of 1000 rows are recorded (50 %)"
std::string progress_of(ledger::Contents const& contents)
{
    auto const rows = decode_output_facts(contents.header.facts).rows;
    auto const done = ledger::rows_in(contents.records).done.size();
    auto const percent = rows == 0 ? 100 : done * 100 / rows;
    return std::to_string(done) + " of " + std::to_string(rows) + " rows are recorded (" + std::to_string(percent) +
           " %)";
}

/// Whether a report is of an output, and not of another whose report goes to the same folder.
/// @param named the output as the report has it
bool is_of(std::string const& output, std::string const& report, std::string const& named)
{
    if (are_one(named, output)) return true;
    // A relative path is one from where the job was started, which nobody knows here; the report is beside the output.
    fs::path const path{named};
    return path.is_relative() && are_one(fs::path{report}.parent_path() / path.filename(), output);
}

nlohmann::json read_json(std::string const& path)
{
    std::error_code ignored;
    if (!fs::is_regular_file(path, ignored)) return {};
    auto const bytes = file::read_file(path, ExitCode::output);
    auto const* text = reinterpret_cast<char const*>(bytes.data());
    return nlohmann::json::parse(text, text + bytes.size(), nullptr, false);
}

/// The code with which a job that did not make its output ends; nothing where it is of no such job.
std::optional<ExitCode> failing_code(nlohmann::json const& value)
{
    if (!value.is_number_integer()) return std::nullopt;
    constexpr std::array codes{ExitCode::usage,  ExitCode::input,  ExitCode::model,    ExitCode::device,
                               ExitCode::launch, ExitCode::output, ExitCode::internal, ExitCode::interrupted};
    auto const number = value.get<std::int64_t>();
    auto const* const found = std::find_if(codes.begin(), codes.end(),
                                           [&](ExitCode code) { return static_cast<std::int64_t>(code) == number; });
    return found == codes.end() ? std::nullopt : std::optional{*found};
}

/// What the last run of this output said of itself, where it failed. A report that no run of it wrote says nothing.
std::optional<Status> failure_in(std::string const& report, std::string const& output)
{
    auto const json = read_json(report);
    for (auto const* key : {"exit_code", "error", "output_file"})
        if (!json.contains(key)) return std::nullopt;
    auto const code = failing_code(json["exit_code"]);
    if (!code || !json["error"].is_string() || !json["output_file"].is_string()) return std::nullopt;
    if (!is_of(output, report, json["output_file"].get<std::string>())) return std::nullopt;
    return Status{*code, "failed: " + json["error"].get<std::string>()};
}

/// Whether a file has not changed since the report was written.
bool is_later(std::string const& report, std::string const& file)
{
    std::error_code ignored;
    return fs::last_write_time(report, ignored) >= fs::last_write_time(file, ignored);
}

/// What a job said that was to replace the output at its path, or to run its bad rows again, and failed before it
/// began.
std::optional<Status> failure_behind(std::string const& output, std::string const& report)
{
    if (!exists(output) || !is_later(report, output)) return std::nullopt;
    auto failure = failure_in(report, output);
    if (failure) failure->text += "; " + output + " is there, as an earlier job made it";
    return failure;
}

/// How far an output is that is not at its path, and that no job runs.
Status unfinished(std::string const& output, std::string const& report, ledger::Contents const& contents)
{
    auto const progress = progress_of(contents);
    auto const failure = failure_in(report, output);
    if (!failure || failure->code == ExitCode::interrupted || !exists(io::part_path(output)) ||
        !is_later(report, ledger::ledger_path(output)))
        return {ExitCode::interrupted, "resumable: " + progress};
    return {failure->code, failure->text + "; " + progress + ", and a run goes on with them"};
}

/// What is at an output's path, which no job runs: it is finished, foreign, or not there.
Status at_its_path(std::string const& output, std::string const& report, bool has_ledger, std::size_t skipped)
{
    if (skipped > 0)
        return {ExitCode::skipped,
                "complete, with " + std::to_string(skipped) + " skipped rows, which --retry-bad runs again: " + output};
    if (!has_ledger && io::is_foreign(output))
        return {ExitCode::output, "there is a file at " + output + " that is no output of dist-infer"};
    if (exists(output)) return {ExitCode::done, "complete: " + output};
    auto const failure = failure_in(report, output);
    if (!failure) return {ExitCode::interrupted, "not begun: there is no " + output};
    return failure->code == ExitCode::interrupted ? Status{failure->code, "resumable: nothing is recorded yet"}
                                                  : *failure;
}

} // namespace

Status status_of(std::string const& output, std::string const& report)
{
    auto const contents = ledger::read_ledger(ledger::ledger_path(output));
    bool const running = io::is_locked(output);
    auto const sealed = contents ? sealed_in(*contents) : Sealed{};
    bool const published = !exists(io::part_path(output)) && !sealed.taken_back && is_there(output, sealed);
    if (contents && !published && running) return {ExitCode::interrupted, "running: " + progress_of(*contents)};
    if (contents && !published) return unfinished(output, report, *contents);
    if (running) return {ExitCode::interrupted, "running: nothing is recorded yet"};
    // The job that sealed the output may have failed behind that: it is complete all the same.
    auto const skipped = contents ? ledger::rows_in(contents->records).bad.size() : 0;
    if (!contents || skipped > 0)
        if (auto const failure = failure_behind(output, report)) return *failure;
    return at_its_path(output, report, contents.has_value(), skipped);
}

ExitCode print_status(config::Action const& action)
{
    auto const config = config::load_file(action.config_path, action.overrides, config::process_environment()).config;
    auto const status = status_of(config.output.file, report_path(config.report.dir, config.output.file));
    std::printf("%s\n", status.text.c_str());
    return status.code;
}

} // namespace distinfer::app
