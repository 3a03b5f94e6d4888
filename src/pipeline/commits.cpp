#include "distinfer/pipeline/commits.hpp"

#include "distinfer/core/row_set.hpp"

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

void Commits::stored(int rank, RowRange rows, std::vector<BadRow> bad)
{
    pending_.push_back({rank, rows});
    for (auto& row : bad) {
        auto const number = row.row;
        pending_bad_.insert_or_assign(number, std::move(row));
    }
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
    bool const due = hurry || since_begin_.seconds() >= interval_ || pending_bad_.size() >= many_bad_rows;
    if (running_ || pending_.empty() || !due) return false;
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
    running_bad_.clear();
    for (auto& [number, row] : pending_bad_) running_bad_.push_back(std::move(row));
    pending_bad_.clear();
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
