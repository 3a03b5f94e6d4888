#include "distinfer/app/paths.hpp"

#include "distinfer/app/report_file.hpp"
#include "distinfer/core/error.hpp"
#include "distinfer/io/file_list.hpp"
#include "distinfer/io/output_path.hpp"

#include <filesystem>

namespace distinfer::app
{

namespace
{

/// Whether two names lead, or would lead, to one file.
bool are_one(std::string const& a, std::string const& b)
{
    std::error_code ignored;
    return std::filesystem::equivalent(a, b, ignored) ||
           std::filesystem::weakly_canonical(a, ignored) == std::filesystem::weakly_canonical(b, ignored);
}

void refuse_overlap(std::string const& output, std::string const& other, std::string const& what)
{
    for (auto const& path : {output, io::part_path(output)})
        if (are_one(path, other))
            throw OutputError("output.file is " + what, path + " would replace " + other, "choose another output.file");
}

} // namespace

void check_no_overlap(config::Config const& config, std::string const& config_path)
{
    auto const& output = config.output.file;
    refuse_overlap(output, config_path, "the config");
    refuse_overlap(output, config.model.path, "the model");
    refuse_overlap(output, report_path(config.report.dir, output), "the report");
    for (auto const& file : io::expand_files(config.input.files)) refuse_overlap(output, file, "an input file");
}

void check_report_folder(std::string const& folder)
{
    if (folder.empty() || std::filesystem::is_directory(folder)) return;
    throw ConfigError("the folder of the report, " + folder + ", does not exist", "report.dir names it",
                      "make it, or leave report.dir out");
}

} // namespace distinfer::app
