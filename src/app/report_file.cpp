#include "distinfer/app/report_file.hpp"

#include "distinfer/core/log.hpp"
#include "distinfer/file/file.hpp"

#include <spdlog/fmt/fmt.h>

#include <cstdio>
#include <filesystem>

namespace distinfer::app
{

std::string report_path(std::string const& report_dir, std::string const& output_file)
{
    if (report_dir.empty() && output_file.empty()) return {};
    std::filesystem::path const folder =
        report_dir.empty() ? std::filesystem::path{output_file}.parent_path() : std::filesystem::path{report_dir};
    return (folder / "report.json").string();
}

std::string how_to_go_on(report::RunReport const& report)
{
    return fmt::format("{} of {} rows are recorded: run it again to go on", report.rows_stored, report.rows);
}

std::string last_line(report::RunReport const& report)
{
    if (report.exit_code == ExitCode::interrupted)
        return fmt::format("ended early exit_code=75 rows={} of {}", report.rows_stored, report.rows);
    if (report.exit_code == ExitCode::skipped && !report.error.empty())
        return fmt::format("complete exit_code=8 rows={} skipped={}", report.rows_stored, report.rows_skipped);
    if (report.exit_code != ExitCode::done && report.exit_code != ExitCode::skipped)
        return fmt::format("failed exit_code={}", static_cast<int>(report.exit_code));
    auto const skipped = report.rows_skipped > 0 ? fmt::format(" skipped={}", report.rows_skipped) : std::string{};
    return fmt::format("done rows={}{} seconds={:.3f} rows_per_s={:.0f} setup_seconds={:.3f} output={}",
                       report.rows_stored, skipped, report.run_seconds, report.rows_per_second(), report.setup_seconds,
                       report.output_file);
}

namespace
{

/// What is said of a job on standard error: why it failed, or what was left out.
void tell(report::RunReport const& report)
{
    bool const skipped = report.exit_code == ExitCode::skipped;
    if (!report.error.empty()) return skipped ? log::warning(report.error) : log::error(report.error);
    if (!skipped || report.bad_rows.empty()) return;
    auto const& [row, reason] = report.bad_rows.front();
    log::warning(fmt::format("{} of {} rows were skipped (the first is row {}: {}); they are listed in "
                             "/dist-infer/bad_rows of {}, and --retry-bad runs them again",
                             report.rows_skipped, report.rows, row, reason, report.output_file));
}

} // namespace

void conclude(report::RunReport const& report, std::string const& path)
{
    tell(report);
    if (!path.empty()) {
        try {
            file::write_atomically(path, report::to_json(report));
        } catch (OutputError const& error) {
            log::warning(std::string{"no report: "} + error.what());
        }
    }
    std::printf("dist-infer: %s\n", last_line(report).c_str());
    std::fflush(stdout);
}

} // namespace distinfer::app
