#pragma once

#include "distinfer/core/stopwatch.hpp"

#include <cstdint>
#include <string>

namespace distinfer::app
{

/// How far a run is, for a person: a bar on a terminal, a line every 30 s elsewhere. Root only; one thread.
class Progress
{
  public:
    enum class Style { off, bar, lines };

    Progress(Style style, std::uint64_t rows);
    ~Progress();
    Progress(Progress const&) = delete;
    Progress& operator=(Progress const&) = delete;

    /// That many more rows are stored.
    void add(std::uint64_t rows);

    std::uint64_t rows_done() const noexcept { return done_; }

  private:
    void show();

    Style style_;
    std::uint64_t rows_;
    std::uint64_t done_ = 0;
    Stopwatch since_start_;
    Stopwatch since_shown_;
    bool bar_open_ = false;
};

/// The style for this process: off where the config says so, else by whether standard error is a terminal.
Progress::Style progress_style(bool wanted);

/// "[######....] 60 % 6000/10000 rows, 812 rows/s, 5 s left". Pure.
std::string progress_text(std::uint64_t done, std::uint64_t rows, double seconds, bool with_bar);

} // namespace distinfer::app
