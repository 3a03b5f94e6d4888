#include "distinfer/app/status.hpp"

#include "distinfer/app/earlier_run.hpp"
#include "distinfer/app/report_file.hpp"
#include "distinfer/config/load.hpp"
#include "distinfer/file/file.hpp"
#include "distinfer/io/output_lock.hpp"
#include "distinfer/io/output_path.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <filesystem>

namespace distinfer::app
{

namespace
{

using std::filesystem::exists;

/// "500 of 1000 rows are recorded (50 %)"
std::string progress_of(ledger::Contents const& contents)
{
    auto const rows = decode_output_facts(contents.header.facts).rows;
    auto const done = ledger::rows_in(contents.records).done.size();
    auto const percent = rows == 0 ? 100 : done * 100 / rows;
    return std::to_string(done) + " of " + std::to_string(rows) + " rows are recorded (" + std::to_string(percent) +
           " %)";
}

/// What the last run said of itself, where it failed.
std::optional<Status> failure_in(std::string const& report)
{
    if (!exists(report)) return std::nullopt;
    auto const bytes = file::read_file(report, ExitCode::output);
    auto const json = nlohmann::json::parse(reinterpret_cast<char const*>(bytes.data()),
                                            reinterpret_cast<char const*>(bytes.data()) + bytes.size(), nullptr, false);
    if (json.is_discarded() || !json.contains("exit_code") || !json["error"].is_string()) return std::nullopt;
    return Status{static_cast<ExitCode>(json["exit_code"].get<int>()), "failed: " + json["error"].get<std::string>()};
}

} // namespace

Status status_of(std::string const& output, std::string const& report)
{
    auto const contents = ledger::read_ledger(ledger::ledger_path(output));
    bool const running = io::is_locked(output);
    auto const sealed = contents ? sealed_in(*contents) : Sealed{};
    bool const published = !exists(io::part_path(output)) && !sealed.taken_back && is_there(output, sealed);
    if (contents && !published)
        return {ExitCode::interrupted, (running ? "running: " : "resumable: ") + progress_of(*contents)};
    if (running) return {ExitCode::interrupted, "running: nothing is recorded yet"};
    auto const skipped = contents ? ledger::rows_in(contents->records).bad.size() : 0;
    if (skipped > 0)
        return {ExitCode::skipped,
                "complete, with " + std::to_string(skipped) + " skipped rows, which --retry-bad runs again: " + output};
    if (exists(output)) return {ExitCode::done, "complete: " + output};
    return failure_in(report).value_or(Status{ExitCode::interrupted, "not begun: there is no " + output});
}

ExitCode print_status(config::Action const& action)
{
    auto const config = config::load_file(action.config_path, action.overrides, config::process_environment()).config;
    auto const status = status_of(config.output.file, report_path(config.report.dir, config.output.file));
    std::printf("%s\n", status.text.c_str());
    return status.code;
}

} // namespace distinfer::app
