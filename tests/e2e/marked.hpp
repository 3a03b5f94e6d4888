#pragma once

#include "e2e/program.hpp"
#include "e2e/workshop.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace distinfer::test
{

/// A job whose model raises an error where one of the rows of its batch is marked, and whose config says to skip those.
class Marked
{
  public:
    /// In the first batch, at the begin and the end of batches, a whole batch, and the last row of all.
    static std::set<std::uint64_t> const rows;

    Marked();

    Workshop const& workshop() const noexcept { return workshop_; }
    std::string const& config() const noexcept { return config_; }

    /// What the model says of a marked row.
    static constexpr auto reason = "AssertionError: a row is marked";

    /// Runs the program with the config and further arguments. @param ranks 0: without mpirun
    Ended run(std::vector<std::string> const& options = {}, int ranks = 0) const;

    /// Takes the mark off a row. The file looks as if nobody had touched it, so that a job goes on with it.
    void mend(std::uint64_t row) const;

    /// Whether the output holds what a plain loop on that device makes of the good rows, the fill value for bad ones,
    /// and their list.
    void expect_output(std::set<std::uint64_t> const& bad, std::string const& device = "cpu") const;

    void remove_output() const;

  private:
    void expect_listed(std::set<std::uint64_t> const& bad) const;

    Workshop workshop_;
    std::string config_;
};

} // namespace distinfer::test
