#include "distinfer/plan/batch_search.hpp"

#include "distinfer/core/check.hpp"

#include <algorithm>
#include <bit>

namespace distinfer::plan
{

namespace
{

constexpr double share_of_job = 0.05;
constexpr double least_budget = 0.5;    ///< seconds
constexpr double most_budget = 20;      ///< seconds
constexpr double as_good = 1.03;        ///< times of the same batch differ by as much
constexpr double timed_enough = 0.02;   ///< seconds of one size; a clock and a scheduler tell little of less
constexpr double looks_disturbed = 1.1; ///< times the row of a smaller batch: more likely the machine than the batch
constexpr std::uint64_t most_runs = 10;
/// The first calls of a model are slow: they compile and allocate. It is no different with the first of a new size.
constexpr std::uint64_t first_runs = 4;
constexpr std::uint64_t least_runs = 2;
constexpr double sure_enough = 0.1; ///< seconds of one run, of which the scheduler's doings are a small part

std::uint64_t first_size(BatchLimits const& limits)
{
    auto const power = std::bit_ceil(limits.least);
    return limits.largest && power > *limits.largest ? limits.least : power;
}

std::uint64_t parts(std::uint64_t whole, std::uint64_t part)
{
    return whole / part + (whole % part != 0);
}

BatchLimits const& valid(BatchLimits const& limits)
{
    expects(limits.rows > 0 && limits.ranks > 0 && limits.least > 0, "a job with rows and ranks");
    expects(!limits.largest || limits.least <= *limits.largest, "a batch that the model takes");
    return limits;
}

} // namespace

BatchSearch::BatchSearch(BatchLimits limits)
    : limits_(valid(limits)), size_(first_size(limits)), over_(limits.largest == limits.least)
{}

std::optional<std::uint64_t> BatchSearch::next() const
{
    return over_ ? std::nullopt : std::optional{size_};
}

void BatchSearch::took(double seconds)
{
    expects(!over_, "a batch that was asked for");
    if (runs_ == 0) trials_.push_back({size_, seconds});
    trials_.back().seconds = std::min(trials_.back().seconds, seconds);
    ++runs_;
    spent_ += seconds;
    if (spent_ >= budget()) return cut_short();
    if (is_timed_enough()) go_on();
}

void BatchSearch::cut_short()
{
    is_cut_short_ = true;
    stop();
}

void BatchSearch::ran_out_of_memory()
{
    stop();
    if (trials_.size() > 1) trials_.pop_back();
}

bool BatchSearch::is_timed_enough() const
{
    if (runs_ >= most_runs) return true;
    bool const is_first = trials_.size() == 1;
    bool const is_slow = trials_.back().seconds >= timed_enough;
    if (!is_first && trials_.back().seconds >= sure_enough) return true;
    if (runs_ < (is_first && !is_slow ? first_runs : least_runs)) return false;
    return static_cast<double>(runs_) * trials_.back().seconds >= timed_enough && !looks_worse();
}

/// Whether rows of this size take longer than those of another.
bool BatchSearch::looks_worse() const
{
    auto const row = [](BatchTrial const& trial) { return trial.seconds / static_cast<double>(trial.rows); };
    return std::ranges::any_of(trials_,
                               [&](auto const& trial) { return row(trials_.back()) > looks_disturbed * row(trial); });
}

/// Takes the next size, where there is one and time for it.
void BatchSearch::go_on()
{
    // Where a batch is slow, there is time for few sizes.
    std::uint64_t const times = trials_.back().seconds >= timed_enough ? 4 : 2;
    auto const larger = size_ * times;
    bool const is_too_large = size_ >= limits_.rows || (limits_.largest && larger > *limits_.largest);
    if (is_too_large || gains_nothing()) return stop();
    if (spent_ + trials_.back().seconds * static_cast<double>(times) > budget()) return cut_short();
    size_ = larger;
    runs_ = 0;
}

/// Whether the last two sizes are no better than one before them.
bool BatchSearch::gains_nothing() const
{
    if (trials_.size() < 3) return false;
    auto const before = trials_.end() - 2;
    auto const best = [&](auto begin, auto end) {
        double least = job_seconds(*begin);
        for (; begin != end; ++begin) least = std::min(least, job_seconds(*begin));
        return least;
    };
    return best(trials_.begin(), before) <= as_good * best(before, trials_.end());
}

/// How long a job of such batches takes: its ranks run them side by side, and all wait for the last.
double BatchSearch::job_seconds(BatchTrial const& trial) const
{
    auto const batches = parts(limits_.rows, trial.rows);
    return trial.seconds * static_cast<double>(parts(batches, static_cast<std::uint64_t>(limits_.ranks)));
}

double BatchSearch::best_job_seconds() const
{
    double least = job_seconds(trials_.front());
    for (auto const& trial : trials_) least = std::min(least, job_seconds(trial));
    return least;
}

double BatchSearch::budget() const
{
    return std::clamp(share_of_job * best_job_seconds(), least_budget, most_budget);
}

std::uint64_t BatchSearch::best() const
{
    if (trials_.empty()) return first_size(limits_);
    double const least = best_job_seconds();
    auto const is_good = [&](BatchTrial const& trial) { return job_seconds(trial) <= as_good * least; };
    // Larger ones would have gained, had there been time to try them.
    if (is_cut_short_) return std::find_if(trials_.rbegin(), trials_.rend(), is_good)->rows;
    return std::ranges::find_if(trials_, is_good)->rows;
}

} // namespace distinfer::plan
