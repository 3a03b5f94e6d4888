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
    // A rank that was given up may answer all the same.
    if (awaited_.erase(rank) > 0 && awaited_.empty()) record_stored();
}

void Commits::give_up(int rank)
{
    auto const is_of_rank = [&](Stored const& stored) { return stored.rank == rank; };
    std::erase_if(pending_, is_of_rank);
    if (!awaited_.contains(rank)) return;
    std::erase_if(running_stored_, is_of_rank);
    synced(rank);
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
    running_stored_ = std::exchange(pending_, {});
    for (auto const& stored : running_stored_) awaited_.insert(stored.rank);
    for (int const rank : awaited_)
        if (rank == own_)
            push(Work::sync);
        else
            ask_(rank);
}

void Commits::record_stored()
{
    RowSet together;
    for (auto const& stored : running_stored_) together.add(stored.rows);
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
        running_ = false;
    }
}

} // namespace distinfer::pipeline
