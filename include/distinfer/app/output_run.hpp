#pragma once

#include "distinfer/app/earlier_run.hpp"
#include "distinfer/app/input_watch.hpp"
#include "distinfer/core/journal.hpp"
#include "distinfer/core/row_set.hpp"
#include "distinfer/io/output_file.hpp"
#include "distinfer/io/output_lock.hpp"

#include <map>
#include <string>

namespace distinfer::app
{

/// Root's output while it grows, with the ledger beside it. One thread records; the rest is for another, before and
/// after. Where nothing is recorded in the end, both are taken away again.
class OutputRun : public Journal
{
  public:
    /// Begins a ledger for an output that was just created. @throws OutputError
    OutputRun(io::OutputFile file, ledger::Fingerprint fingerprint, OutputFacts const& facts, InputWatch watch);

    /// Goes on with what an earlier run has left. @throws OutputError
    OutputRun(io::OutputFile file, EarlierRun earlier, InputWatch watch);

    ~OutputRun() override;
    OutputRun(OutputRun const&) = delete;
    OutputRun& operator=(OutputRun const&) = delete;

    /// Has every commit, and the end, see that no other job has taken the output over. @param lock outlives this object
    void guard_with(io::OutputLock const& lock) noexcept { lock_ = &lock; }

    io::OutputFile& file() noexcept { return file_; }

    /// Rows that are durable.
    RowSet const& done() const noexcept { return done_; }

    /// Runs that were begun, this one included.
    std::uint64_t attempts() const noexcept { return attempts_; }

    void record(std::span<RowRange const> rows) override;

    /// Adds attributes, puts the output at its path and takes the ledger away. Ended between any two of its steps, the
    /// next run does the same again. @pre every row is recorded. @throws OutputError
    void finish(std::map<std::string, std::string> const& attributes);

  private:
    void begin_attempt();

    io::OutputFile file_;
    ledger::Ledger ledger_;
    InputWatch watch_;
    io::OutputLock const* lock_ = nullptr;
    RowSet done_;
    std::uint64_t attempts_ = 0;
    bool finished_ = false;
};

} // namespace distinfer::app
