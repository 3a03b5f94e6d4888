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
    ledger::Rows rows;           ///< what is in the output
    bool published = false;      ///< it is at its path, whole; its ledger is there for its bad rows, or by chance
    bool is_at_its_path = false; ///< published, or about to be taken back from there

    /// Whether nothing is left to do but to take the ledger away.
    bool is_complete() const { return published && rows.bad.empty(); }

    /// Whether nothing is left to do, unless somebody wants the bad rows to be run again.
    bool waits_for_retry() const { return published && !rows.bad.empty(); }
};

/// What a start wants of an earlier run.
struct Wanted
{
    config::Resume resume = config::Resume::automatic; ///< never: what is there does not count. require: there is one
    bool overwrite = false;                            ///< an output that is complete is made anew
    bool retry_bad = false;                            ///< its bad rows are run again
};

/// The record that ends a job: the output is whole, and about to be published. @param bytes of the output
ledger::Attempt sealed(std::uint64_t bytes);
bool is_sealed(ledger::Attempt const& attempt);

/// What a ledger says of the output being whole.
struct Sealed
{
    std::optional<std::uint64_t> bytes; ///< of the output that was sealed last
    bool taken_back = false;            ///< it is to become a part again
};

Sealed sealed_in(ledger::Contents const& contents);

/// Whether the file at the output's path can be the one that was sealed.
bool is_there(std::string const& output, Sealed const& sealed);

/// Looks for an earlier run to go on with, and takes nothing away but the torn end of its ledger. @throws OutputError
std::optional<EarlierRun> find_earlier_run(std::string const& output, Wanted const& wanted);

/// Takes away what an earlier run has left, once a new one is about to begin: the ledger first, since it would vouch
/// for the rows of the new part. @throws OutputError
void remove_leftovers(std::string const& output);

/// Says that the output is complete but for bad rows, and how they are run again. @pre earlier.waits_for_retry()
/// @throws Error with ExitCode::skipped
[[noreturn]] void refuse_to_begin(std::string const& output, EarlierRun const& earlier);

/// Makes an output ready to be gone on with. Ended between any two of its steps, the next start does the rest.
/// @param retry_bad records that its bad rows are not done; where it is published, it becomes a part again
/// @throws OutputError
void take_back(std::string const& output, EarlierRun& earlier, bool retry_bad);

/// @throws OutputError naming the field in which the job is not the one that was begun
void require_same_job(std::string const& output, ledger::Fingerprint const& ours, EarlierRun const& earlier);

} // namespace distinfer::app
