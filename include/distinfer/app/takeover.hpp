#pragma once

#include "distinfer/core/stopwatch.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace distinfer::app
{

/// What a rank remembers of a job across the loss of others, so that the survivors can begin it again among themselves
/// and go on from its ledger.
struct Takeover
{
    bool allowed = true;            ///< run.fault_tolerance
    Stopwatch since_start;          ///< of the process
    bool begun = false;             ///< there is an output with a ledger
    bool again = false;             ///< these are survivors
    std::vector<std::string> hosts; ///< of the present ranks, by rank
    std::vector<std::string>
        lost;                ///< ranks that died, as "rank 2 on node1"; their numbers are those that they had then
    bool was_ending = false; ///< every row was recorded, and root was about to finish the output
    std::uint64_t rows = 0;  ///< of the dataset, where known

    std::string name(int rank) const
    {
        auto const at = static_cast<std::size_t>(rank);
        return "rank " + std::to_string(rank) + (at < hosts.size() ? " on " + hosts[at] : "");
    }
};

} // namespace distinfer::app
