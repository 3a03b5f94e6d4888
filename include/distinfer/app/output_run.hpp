#pragma once

#include "distinfer/app/earlier_run.hpp"
#include "distinfer/app/input_watch.hpp"
#include "distinfer/core/journal.hpp"
#include "distinfer/core/row_set.hpp"
#include "distinfer/io/output_file.hpp"
#include "distinfer/io/output_lock.hpp"

#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace distinfer::app
{

/// Root's output while it grows, with the ledger beside it. The journal and the counts are thread-safe; the rest is for
/// one thread, before and after. Where a first attempt records nothing, both are taken away again.
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

    /// How many rows are durable, bad ones included.
    std::uint64_t stored() const
    {
        std::lock_guard const lock{ledger_mutex_};
        return rows_.done.size();
    }

    /// Rows that hold the fill value.
    std::uint64_t skipped() const
    {
        std::lock_guard const lock{ledger_mutex_};
        return rows_.bad.size();
    }

    /// The first of them.
    std::vector<BadRow> bad_rows(std::uint64_t most) const;

    /// Runs that were begun, this one included.
    std::uint64_t attempts() const noexcept { return attempts_; }

    /// Rows at which ranks of earlier runs died.
    std::vector<RowRange> const& losses() const noexcept { return losses_; }

    void record(std::span<RowRange const> rows, std::span<BadRow const> bad) override;
    void note_loss(RowRange rows) override;

    /// Adds attributes and the list of bad rows, puts the output at its path and takes the ledger away, unless there
    /// are bad rows: it is how they are run again. Ended between any two of its steps, the next run does the same
    /// again.
    /// @param lists_bad_rows whether there is a list where there are no bad rows
    /// @pre every row is recorded. @throws OutputError
    void finish(std::map<std::string, std::string> const& attributes, bool lists_bad_rows);

  private:
    void begin_attempt();

    io::OutputFile file_;
    ledger::Ledger ledger_;
    InputWatch watch_;
    io::OutputLock const* lock_ = nullptr;
    ledger::Rows rows_;
    std::vector<RowRange> losses_;
    mutable std::mutex ledger_mutex_; ///< of ledger_ and rows_, while a thread records
    std::uint64_t attempts_ = 0;
    bool finished_ = false;
};

} // namespace distinfer::app
