#pragma once

#include "scaling/simulation.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace distinfer::scaling
{

/// What to do, from the command line.
struct Options
{
    std::string part = "all"; ///< all, rates, sweep, case
    int max_ranks = 16'384;
    std::uint64_t windows_per_rank = 64; ///< in the sweep
    Case job;                            ///< its machine is the sweep's too; the rest is what --part case simulates
    bool message_given = false;          ///< Machine::message was set, and is not taken from the measurement
};

/// Nothing where help was asked for, and printed. @throws ConfigError
std::optional<Options> parse_options(int count, char const* const* words);

} // namespace distinfer::scaling
