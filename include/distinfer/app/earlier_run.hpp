#pragma once

#include "distinfer/app/facts.hpp"
#include "distinfer/config/choices.hpp"
#include "distinfer/ledger/ledger.hpp"

#include <optional>
#include <string>

namespace distinfer::app
{

/// What an earlier run has left of an output. Who has it holds the output's lock.
struct EarlierRun
{
    ledger::Ledger ledger;
    ledger::Contents contents;
    OutputFacts facts;
    bool published = false; ///< the output is at its path, whole; only the ledger was not taken away any more
};

/// Text of the attempt that ends a job: the output is whole, and about to be published.
inline constexpr auto sealed = R"({"event":"sealed"})";

/// Whether a run has come as far as to give the output its name.
bool is_sealed(ledger::Contents const& contents);

/// Looks for an earlier run.
/// @param mode never: what is there is taken away. require: there has to be one
/// @throws OutputError
std::optional<EarlierRun> find_earlier_run(std::string const& output, config::Resume mode);

/// @throws OutputError naming the field in which the job is not the one that was begun
void require_same_job(std::string const& output, ledger::Fingerprint const& ours, EarlierRun const& earlier);

} // namespace distinfer::app
