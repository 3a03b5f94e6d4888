#pragma once

#include "distinfer/config/config.hpp"
#include "distinfer/config/environment.hpp"
#include "distinfer/core/interrupt.hpp"
#include "distinfer/core/stopwatch.hpp"

#include <optional>

namespace distinfer::app
{

/// Seconds from now until the job has to be over; nothing where there is no such time.
/// @param now seconds since 1970, from which SLURM's end of the job counts
/// @param passed seconds since the process began, from which a time counts
/// @throws ConfigError where the limit is auto and SLURM does not tell the job's end
std::optional<double> seconds_left(config::TimeLimit const& limit, config::Environment const& environment, double now,
                                   double passed);

/// @throws ConfigError where that is so, and where a limit is no longer than the time that ending takes
void check_time_limit(config::RunConfig const& run, config::Environment const& environment);

/// Asks to drain when the time is near, and passes on what another says. One thread.
class TimeLimit : public InterruptSource
{
  public:
    /// @param seconds from now until it asks; nothing: never
    TimeLimit(InterruptSource& other, std::optional<double> seconds) : other_(other), seconds_(seconds) {}

    Interrupt now() override
    {
        auto const asked = other_.now();
        return asked == Interrupt::none && is_near() ? Interrupt::drain : asked;
    }

    std::string reason() const override
    {
        auto const others = other_.reason();
        return others.empty() && is_near() ? "run.time_limit is near" : others;
    }

  private:
    bool is_near() const { return seconds_ && since_start_.seconds() >= *seconds_; }

    InterruptSource& other_;
    std::optional<double> seconds_;
    Stopwatch since_start_;
};

} // namespace distinfer::app
