#include "distinfer/app/paths.hpp"

#include "distinfer/app/report_file.hpp"
#include "distinfer/core/error.hpp"
#include "distinfer/io/file_list.hpp"
#include "distinfer/io/output_lock.hpp"
#include "distinfer/io/output_path.hpp"
#include "distinfer/ledger/ledger.hpp"

#include <filesystem>
#include <vector>

namespace distinfer::app
{

namespace
{

/// A job makes, replaces or removes all of these.
std::vector<std::string> files_of(std::string const& output)
{
    return {output, io::part_path(output), io::lock_path(output), ledger::ledger_path(output)};
}

void refuse_overlap(std::string const& output, std::string const& other, std::string const& what)
{
    for (auto const& path : files_of(output))
        if (are_one(path, other))
            throw OutputError("output.file is " + what, path + " would replace " + other, "choose another output.file");
}

void refuse_report_over(std::string const& report, std::string const& config, std::string const& model,
                        std::vector<std::string> others)
{
    others.insert(others.end(), {config, model});
    for (auto const& other : others)
        if (are_one(report, other))
            throw OutputError("the report would replace " + other, report + " is the same file", "set report.dir");
}

} // namespace

bool are_one(std::filesystem::path const& a, std::filesystem::path const& b)
{
    std::error_code error_a;
    std::error_code error_b;
    if (std::filesystem::equivalent(a, b, error_a)) return true;
    return std::filesystem::weakly_canonical(a, error_a) == std::filesystem::weakly_canonical(b, error_b) && !error_a &&
           !error_b;
}

void check_no_overlap(config::Config const& config, std::string const& config_path)
{
    auto const& output = config.output.file;
    refuse_overlap(output, config_path, "the config");
    refuse_overlap(output, config.model.path, "the model");
    refuse_overlap(output, report_path(config.report.dir, output), "the report");
    auto const inputs = io::expand_files(config.input.files);
    for (auto const& file : inputs) refuse_overlap(output, file, "an input file");
    refuse_report_over(report_path(config.report.dir, output), config_path, config.model.path, inputs);
}

void check_report_folder(std::string const& folder)
{
    if (folder.empty() || std::filesystem::is_directory(folder)) return;
    throw ConfigError("the folder of the report, " + folder + ", does not exist", "report.dir names it",
                      "make it, or leave report.dir out");
}

} // namespace distinfer::app
