#include "distinfer/pipeline/commits.hpp"

#include "distinfer/core/row_set.hpp"

#include <algorithm>
#include <iterator>

namespace distinfer::pipeline
{

namespace
{

constexpr std::size_t many_bad_rows =
    10'000; ///< are recorded without delay, since the journal says when it is too many

} // namespace

Commits::Commits(Sink& sink, Journal& journal, Wakeup& wakeup, int own, double interval, AskToSync ask)
    : own_(own),
      interval_(interval),
      ask_(std::move(ask)),
      stage_({.work =
                  [&](std::uint64_t work, auto, auto) {
                      if (work == Work::sync)
                          sink.sync();
                      else
                          journal.record(running_rows_, running_bad_);
                  }},
             wakeup)
{}

void Commits::stored(plan::Assignment by, RowRange rows, std::vector<BadRow> bad)
{
    pending_bad_ += bad.size();
    pending_.push_back({by, rows, std::move(bad)});
}

void Commits::synced(int rank)
{
    // A rank that was given up may answer all the same.
    if (awaited_.erase(rank) > 0 && awaited_.empty()) record_all();
}

std::vector<std::uint64_t> Commits::lost(int rank)
{
    std::vector<std::uint64_t> windows;
    auto const take = [&](Stored const& stored) {
        if (stored.by.rank != rank) return false;
        windows.push_back(stored.by.window);
        return true;
    };
    std::erase_if(pending_, take);
    pending_bad_ = 0;
    for (auto const& stored : pending_) pending_bad_ += stored.bad.size();
    if (awaited_.contains(rank)) {
        std::erase_if(running_, take);
        synced(rank);
    }
    return windows;
}

bool Commits::step(bool hurry)
{
    if (broken_) return false;
    if (auto const outcome = stage_.poll()) {
        take_done(*outcome);
        return true;
    }
    bool const due = hurry || since_begin_.seconds() >= interval_ || pending_bad_ >= many_bad_rows;
    if (is_running_ || pending_.empty() || !due) return false;
    begin();
    return true;
}

void Commits::begin()
{
    is_running_ = true;
    since_begin_ = Stopwatch{};
    running_ = std::exchange(pending_, {});
    pending_bad_ = 0;
    for (auto const& stored : running_) awaited_.insert(stored.by.rank);
    for (int const rank : awaited_)
        if (rank == own_)
            push(Work::sync);
        else
            ask_(rank);
}

/// All that is left of the commit is durable.
void Commits::record_all()
{
    RowSet together;
    running_bad_.clear();
    for (auto& stored : running_) {
        together.add(stored.rows);
        std::ranges::move(stored.bad, std::back_inserter(running_bad_));
    }
    std::ranges::sort(running_bad_, {}, &BadRow::row);
    running_rows_ = together.ranges();
    push(Work::record);
}

void Commits::take_done(Outcome const& outcome)
{
    if (outcome.kind != Outcome::Kind::done) {
        broken_ = true;
        failure_ = outcome.failure;
    } else if (outcome.task.assignment.window == Work::sync) {
        synced(own_);
    } else {
        is_running_ = false;
        running_.clear();
    }
}

} // namespace distinfer::pipeline
