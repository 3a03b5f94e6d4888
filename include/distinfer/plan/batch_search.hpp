#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace distinfer::plan
{

/// The least time that a batch of so many rows was seen to take.
struct BatchTrial
{
    std::uint64_t rows = 0;
    double seconds = 0;
};

/// What bounds the search for a batch size.
struct BatchLimits
{
    std::uint64_t rows = 1;               ///< of the job
    int ranks = 1;                        ///< that share them
    std::uint64_t least = 1;              ///< rows that the model takes at once
    std::optional<std::uint64_t> largest; ///< likewise; nothing: any
};

/// Looks for the batch with which a job ends soonest: runs batches of 1, 2, 4, ... rows until two doublings in a row
/// have gained nothing, memory ends, or the search has taken 5 % of the job that it foresees (half a second at least,
/// 20 s at most). Of those that are as good as the best, within a few per cent, it takes the smallest. A batch is
/// judged by the time of the whole job, so one that leaves ranks without work is no good one.
///
/// A state machine without clock or model: ask next(), run a batch of so many rows, tell how it went. Pure.
class BatchSearch
{
  public:
    /// @pre rows, ranks and least are not 0; least <= largest
    explicit BatchSearch(BatchLimits limits);

    /// Rows of the batch to run now, several times the same; nothing: the search is over.
    std::optional<std::uint64_t> next() const;

    /// The batch took so long. @pre next()
    void took(double seconds);

    /// There was no memory for the batch. The one before it had little left, and is given up too where it can be.
    void ran_out_of_memory();

    /// The batch cannot be run for another reason, which says nothing of those before it.
    void stop() noexcept { over_ = true; }

    /// What to take; the least batch where none was run.
    std::uint64_t best() const;

    /// What was run, smallest first.
    std::vector<BatchTrial> const& trials() const noexcept { return trials_; }

    /// Time that the batches took, in seconds.
    double spent() const noexcept { return spent_; }

  private:
    double job_seconds(BatchTrial const& trial) const;
    double best_job_seconds() const;
    double budget() const;
    bool is_timed_enough() const;
    bool looks_worse() const;
    bool gains_nothing() const;
    void go_on();
    void cut_short();

    BatchLimits limits_;
    std::uint64_t size_;             ///< that is tried now
    std::uint64_t runs_ = 0;         ///< of it
    std::vector<BatchTrial> trials_; ///< the last is of size_ once that has run
    double spent_ = 0;
    bool over_;
    bool is_cut_short_ = false; ///< there was no time to see whether larger batches gain
};

} // namespace distinfer::plan
