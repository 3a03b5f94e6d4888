#pragma once

#include "e2e/workshop.hpp"
#include "fault/job.hpp"
#include "support/hdf5_file.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace distinfer::test
{

/// A job that commits all the time, and what it makes when nobody disturbs it.
class Ground
{
  public:
    static constexpr std::uint64_t rows = 12'000;

    /// @param work of a row: 300 is a job of about two seconds on a core
    explicit Ground(int work = 300);

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

    void remove_output() const;

  private:
    Workshop workshop_;
    std::string config_;
    std::vector<std::byte> y_;
    std::vector<std::byte> z_;
};

} // namespace distinfer::test
