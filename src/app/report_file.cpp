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

std::string last_line(report::RunReport const& report)
{
    if (report.exit_code == ExitCode::interrupted)
        return fmt::format("ended early exit_code=75 rows={} of {}", report.rows_stored, report.rows);
    if (report.exit_code != ExitCode::done)
        return fmt::format("failed exit_code={}", static_cast<int>(report.exit_code));
    return fmt::format("done rows={} seconds={:.3f} rows_per_s={:.0f} setup_seconds={:.3f} output={}",
                       report.rows_stored, report.run_seconds, report.rows_per_second(), report.setup_seconds,
                       report.output_file);
}

void conclude(report::RunReport const& report, std::string const& path)
{
    if (!report.error.empty()) log::error(report.error);
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
