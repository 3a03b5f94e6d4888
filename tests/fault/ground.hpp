#pragma once

#include "e2e/workshop.hpp"
#include "fault/job.hpp"
#include "support/hdf5_file.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace distinfer::test
{

/// How much a job has to do.
struct Extent
{
    std::uint64_t rows = 12'000; ///< of 104 bytes of output
    std::string window = "2KiB";
    std::string commit_interval = "20ms";
    int ranks = 2;        ///< of the undisturbed run
    StoredAs stored = {}; ///< the input
    int work = 300;       ///< operations on a row
};

/// A job that commits all the time, of a second or two on a core, and what it makes when nobody disturbs it.
class Ground
{
  public:
    explicit Ground(Extent const& extent = {});

    /// One of a few milliseconds: a window for every batch of 8 rows.
    static Ground small(std::uint64_t rows)
    {
        return Ground{{.rows = rows, .window = "1KiB", .commit_interval = "1ms", .ranks = 0}};
    }

    Workshop const& workshop() const noexcept { return workshop_; }
    std::string const& config() const noexcept { return config_; }

    /// Options of a run in a mode of the many, drawn.
    std::vector<std::string> drawn_mode(std::mt19937& random) const;

    /// Bytes of the ledger; 0 where there is none. A job that begins adds to it.
    std::uint64_t ledger_bytes() const;

    /// Rows that the ledger says are done.
    std::uint64_t rows_recorded() const;

    /// Whether the output is at its path and nothing is left to do.
    bool is_finished() const;

    /// The exit code of `dist-infer status`.
    int status() const;

    /// Whether the output is there and holds what an undisturbed run makes.
    void expect_right_output() const;

    /// Whether the output holds what an undisturbed run makes, whatever lies beside it.
    void expect_right_rows() const;

    void remove_output() const;

  private:
    Workshop workshop_;
    std::string config_;
    std::vector<std::byte> y_;
    std::vector<std::byte> z_;
};

} // namespace distinfer::test
