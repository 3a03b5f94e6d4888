#include "distinfer/app/time_limit.hpp"

#include "distinfer/core/error.hpp"

#include <charconv>

namespace distinfer::app
{

std::optional<double> seconds_left(config::TimeLimit const& limit, config::Environment const& environment, double now,
                                   double passed)
{
    using Kind = config::TimeLimit::Kind;
    if (limit.kind == Kind::none) return std::nullopt;
    if (limit.kind == Kind::seconds) return limit.seconds - passed;
    auto const text = environment("SLURM_JOB_END_TIME").value_or("");
    std::int64_t end = 0;
    auto const [rest, error] = std::from_chars(text.data(), text.data() + text.size(), end);
    if (error != std::errc{} || rest != text.data() + text.size())
        throw ConfigError("run.time_limit is auto, and nobody tells when the job ends",
                          "SLURM_JOB_END_TIME is '" + text + "'", "give a time, as run.time_limit: 55m");
    return static_cast<double>(end) - now;
}

void check_time_limit(config::RunConfig const& run, config::Environment const& environment)
{
    seconds_left(run.time_limit, environment, 0, 0);
    if (run.time_limit.kind != config::TimeLimit::Kind::seconds || run.time_limit.seconds > run.drain) return;
    throw ConfigError("run.time_limit leaves no time to run anything", "run.drain, the time for the end, is no shorter",
                      "give run.drain less, or run.time_limit more");
}

} // namespace distinfer::app
