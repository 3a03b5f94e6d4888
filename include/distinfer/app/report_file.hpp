#pragma once

#include "distinfer/report/run_report.hpp"

#include <string>

namespace distinfer::app
{

/// Where the report goes: report.json in report.dir, or beside the output; empty where the config was not read. Pure.
std::string report_path(std::string const& report_dir, std::string const& output_file);

/// Writes the report, and says how the job ended: one error message, and one last line for scripts. Root only.
/// A report that cannot be written is a warning, not a failed job.
void conclude(report::RunReport const& report, std::string const& path);

/// "500 of 1000 rows are recorded: run it again to go on". Pure.
std::string how_to_go_on(report::RunReport const& report);

/// "done rows=10000 seconds=1.234 rows_per_s=8104 output=out.h5" or "failed exit_code=3"; where rows were skipped,
/// "done rows=10000 skipped=3 seconds=...". Pure.
std::string last_line(report::RunReport const& report);

} // namespace distinfer::app
