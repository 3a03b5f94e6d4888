#include "distinfer/app/progress.hpp"

#include "distinfer/core/log.hpp"

#include <algorithm>
#include <cstdio>
#include <unistd.h>

namespace distinfer::app
{

namespace
{

constexpr double line_interval = 30;  ///< seconds
constexpr double bar_interval = 0.2;  ///< seconds
constexpr std::size_t bar_width = 30; ///< characters

std::string bar(double share)
{
    auto const filled = static_cast<std::size_t>(share * static_cast<double>(bar_width));
    return "[" + std::string(filled, '#') + std::string(bar_width - filled, '.') + "] ";
}

} // namespace

Progress::Progress(Style style, std::uint64_t rows) : style_(style), rows_(rows) {}

Progress::~Progress()
{
    if (bar_open_) std::fputs("\n", stderr);
}

void Progress::add(std::uint64_t rows)
{
    done_ = std::min(done_ + rows, rows_); // what a lost rank stored may be stored again
    double const interval = style_ == Style::bar ? bar_interval : line_interval;
    bool const last = style_ == Style::bar && done_ == rows_;
    if (style_ == Style::off || (since_shown_.seconds() < interval && !last)) return;
    since_shown_ = Stopwatch{};
    show();
}

void Progress::show()
{
    auto const text = progress_text(done_, rows_, since_start_.seconds(), style_ == Style::bar);
    if (style_ == Style::lines) {
        log::info("progress: " + text);
        return;
    }
    bar_open_ = true;
    std::fputs(("\r\033[K" + text).c_str(), stderr);
    std::fflush(stderr);
}

Progress::Style progress_style(bool wanted)
{
    if (!wanted) return Progress::Style::off;
    return isatty(STDERR_FILENO) == 1 ? Progress::Style::bar : Progress::Style::lines;
}

std::string progress_text(std::uint64_t done, std::uint64_t rows, double seconds, bool with_bar)
{
    double const share = rows == 0 ? 1.0 : static_cast<double>(done) / static_cast<double>(rows);
    double const rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
    std::string text = with_bar ? bar(share) : std::string{};
    text += std::to_string(static_cast<int>(share * 100)) + " % " + std::to_string(done) + "/" + std::to_string(rows) +
            " rows, " + std::to_string(static_cast<std::uint64_t>(rate)) + " rows/s";
    if (rate > 0 && done < rows)
        text += ", " + std::to_string(static_cast<std::uint64_t>(static_cast<double>(rows - done) / rate)) + " s left";
    return text;
}

} // namespace distinfer::app
