#include "distinfer/app/stall.hpp"

#include "distinfer/app/report_file.hpp"
#include "distinfer/core/error.hpp"
#include "distinfer/core/narrow.hpp"

#include <spdlog/fmt/fmt.h>

namespace distinfer::app
{

namespace
{

std::string with_host(int rank, report::RunReport const& report)
{
    return fmt::format("rank {} on {}", rank, report.ranks.at(narrow<std::size_t>(rank)).host);
}

} // namespace

std::string stall_message(pipeline::Stall const& stall, RowRange rows, report::RunReport const& report)
{
    auto const what = stall.window ? to_string(rows) : "a commit";
    return error_message(fmt::format("{} makes no progress with {}", with_host(stall.rank, report), what),
                         fmt::format("stage {}: nothing for {:.1f} s, and {:.1f} s are allowed; see run.stall_timeout",
                                     name_of(stall.phase), stall.seconds, stall.limit),
                         how_to_go_on(report));
}

std::string silence_message(double seconds, report::RunReport const& report)
{
    return error_message(with_host(0, report) + " is silent",
                         fmt::format("nothing was heard of it for {:.1f} s; see run.stall_timeout", seconds),
                         "run it again to go on");
}

} // namespace distinfer::app
