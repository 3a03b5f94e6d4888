#pragma once

#include "distinfer/config/config.hpp"

#include <filesystem>
#include <string>

namespace distinfer::app
{

/// Whether two names lead, or would lead, to one file.
bool are_one(std::filesystem::path const& a, std::filesystem::path const& b);

/// Refuses an output that is an input, the model, the config or the report: it would replace what it is made of.
/// @throws OutputError naming both
void check_no_overlap(config::Config const& config, std::string const& config_path);

/// Refuses a report.dir that is no folder, before a job runs that could not leave its report. @throws ConfigError
void check_report_folder(std::string const& folder);

} // namespace distinfer::app
