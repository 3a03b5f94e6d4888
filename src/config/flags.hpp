#pragma once

#include <array>
#include <string_view>

namespace distinfer::config
{

/// A short way to set a key on the command line.
struct Flag
{
    std::string_view name; ///< without the dashes
    std::string_view key;
    std::string_view argument = {}; ///< what help calls the value; empty: the flag takes none
    std::string_view value = {};    ///< what a flag without an argument says
};

inline constexpr auto flags = std::to_array<Flag>({
    {"batch", "run.batch", "ROWS"},
    {"threads", "run.threads", "N"},
    {"device", "run.device", "DEVICE"},
    {"schedule", "run.schedule", "SCHEDULE"},
    {"output", "output.file", "FILE"},
    {"if-exists", "output.if_exists", "WHAT"},
    {"no-progress", "report.progress", "", "off"},
});

/// The option that says something of this start only, and is no key of the config.
inline constexpr std::string_view retry_bad = "retry-bad";

} // namespace distinfer::config
