#pragma once

#include <cstdint>

namespace distinfer
{

/// Where the time of one stage of one rank went, in seconds; summed over the stage's threads, where it has several.
struct StageTimes
{
    std::uint64_t windows = 0; ///< windows done
    std::uint64_t bytes = 0;   ///< bytes that came out, or went in where nothing comes out
    double busy = 0;           ///< at work
    double starved = 0;        ///< waiting for a window
    double blocked = 0;        ///< waiting for room for the result
};

} // namespace distinfer
