#include "distinfer/pipeline/commits.hpp"

#include "distinfer/core/row_set.hpp"

namespace distinfer::pipeline
{

Commits::Commits(Sink& sink, Journal& journal, Wakeup& wakeup, int own, double interval, AskToSync ask)
    : own_(own),
      interval_(interval),
      ask_(std::move(ask)),
      stage_({.work =
                  [&](std::uint64_t work, auto, auto) {
                      if (work == Work::sync)
                          sink.sync();
                      else
                          journal.record(running_rows_);
                  }},
             wakeup)
{}

void Commits::stored(int rank, RowRange rows)
{
    pending_.push_back({rank, rows});
}

void Commits::synced(int rank)
{
    awaited_.erase(rank);
    if (running_ && awaited_.empty()) push(Work::record);
}

bool Commits::step(bool hurry)
{
    if (broken_) return false;
    if (auto const outcome = stage_.poll()) {
        take_done(*outcome);
        return true;
    }
    if (running_ || pending_.empty() || (!hurry && since_begin_.seconds() < interval_)) return false;
    begin();
    return true;
}

void Commits::begin()
{
    running_ = true;
    since_begin_ = Stopwatch{};
    RowSet together;
    for (auto const& [rank, rows] : pending_) {
        together.add(rows);
        awaited_.insert(rank);
    }
    running_rows_ = together.ranges();
    pending_.clear();
    for (int const rank : awaited_)
        if (rank == own_)
            push(Work::sync);
        else
            ask_(rank);
}

void Commits::take_done(Outcome const& outcome)
{
    if (outcome.kind != Outcome::Kind::done) {
        broken_ = true;
        failure_ = outcome.failure;
    } else if (outcome.task.assignment.window == Work::sync) {
        synced(own_);
    } else {
        running_ = false;
    }
}

} // namespace distinfer::pipeline
