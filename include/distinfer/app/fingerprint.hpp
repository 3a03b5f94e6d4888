#pragma once

#include "distinfer/config/config.hpp"
#include "distinfer/ledger/fingerprint.hpp"

#include <string>

namespace distinfer::app
{

/// What decides the bits of a job's output, beside its input files.
struct JobTraits
{
    std::string model_sha256;
    std::string device;           ///< "cpu", "cuda"
    std::string libtorch;         ///< version
    int threads = 1;              ///< of a rank
    std::uint64_t batch = 0;      ///< rows, also where the config leaves them open
    std::string libraries_sha256; ///< of what the model calls; empty: there are none
};

/// Every key of the config that changes results, and the traits. Keys that only change how the job runs are left out:
/// another window, schedule, mode or number of ranks goes on with the same output. Pure.
ledger::Fingerprint fingerprint(config::Config const& config, JobTraits const& traits);

} // namespace distinfer::app
