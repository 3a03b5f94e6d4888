#include "distinfer/pipeline/rank_loop.hpp"

#include "distinfer/comm/rank_lost.hpp"
#include "distinfer/core/check.hpp"
#include "distinfer/core/fail_point.hpp"
#include "distinfer/core/narrow.hpp"
#include "distinfer/pipeline/backoff.hpp"
#include "distinfer/pipeline/room.hpp"

namespace distinfer::pipeline
{

namespace
{

constexpr int root = 0;

} // namespace

RankLoop::RankLoop(Job const& job, comm::Communicator& communicator, comm::Transport& transport, Parts const& parts)
    : communicator_(communicator),
      inputs_(narrow<std::size_t>(rank_room(job.slots, lanes_of(job, parts.model)).inputs)),
      outputs_(narrow<std::size_t>(rank_room(job.slots, lanes_of(job, parts.model)).outputs)),
      transfers_(transport),
      compute_(job, parts, outputs_, wakeup_),
      interrupts_(parts.interrupts),
      silence_(job.stall_timeout, LookingClock{})
{
    if (job.direct_read) fetch_.emplace(fetch_step(job, *parts.source, inputs_), wakeup_);
    if (!job.direct_write) return;
    store_.emplace(store_step(job, *parts.sink), wakeup_);
    sync_.emplace(Step{.work = [sink = parts.sink](auto, auto, auto) { sink->sync(); }}, wakeup_);
}

RankLoop::~RankLoop()
{
    inputs_.close();
    outputs_.close();
}

Ending RankLoop::run()
{
    step_until([this] { return left_ || (stopped_ && transfers_.idle()); }, [this] { return step(); }, wakeup_);
    return {.failure = failure_,
            .left = left_,
            .root_is_silent = root_is_silent_,
            .fetch = fetch_ ? fetch_->times() : StageTimes{},
            .decode = compute_.decode_times(),
            .infer = compute_.infer_times(),
            .store = store_ ? store_->times() : StageTimes{}};
}

/// One look at everything that may have happened. Whether something had.
bool RankLoop::step()
{
    bool moved = take_note();
    look_for_root();
    moved |= take_arrived();
    moved |= take_fetched();
    moved |= take_computed();
    moved |= take_stored();
    moved |= take_synced();
    moved |= take_interrupt();
    moved |= transfers_.left().has_value();
    moved |= take_silence();
    return moved;
}

/// Root shows that it is there: where it does not, it is stopped, or cut off, and nobody waits for the result.
bool RankLoop::take_silence()
{
    root_is_silent_ = silence_.is_too_long();
    left_ |= root_is_silent_;
    return root_is_silent_;
}

bool RankLoop::take_note()
{
    auto const message = communicator_.poll();
    if (!message) return false;
    silence_.heard();
    accept(decode(message->body));
    return true;
}

/// Without root there is no job; that others have died is root's to know.
void RankLoop::look_for_root()
{
    for (int const rank : communicator_.take_lost())
        if (rank == root) throw comm::RankLost("rank 0 was lost", "it died", "the lowest rank that is left takes over");
}

void RankLoop::accept(Note const& note)
{
    plan::Assignment const assignment{note.window, communicator_.rank()};
    switch (note.kind) {
    case Note::Kind::assign:
        if (fetch_) return fetch_->push({assignment, {}});
        // Root sends no more windows than this rank has slots, and each slot has a buffer.
        if (auto buffer = inputs_.try_acquire(note.bytes))
            transfers_.receive(root, {assignment, std::move(*buffer)});
        else
            expects(false, "a free buffer for a window that root assigned");
        return;
    case Note::Kind::alive:
        return;
    case Note::Kind::cancel:
        cancel();
        return;
    case Note::Kind::sync:
        expects(sync_.has_value(), "a rank that stores itself");
        sync_->push({assignment, {}});
        return;
    case Note::Kind::stop:
    case Note::Kind::leave:
        stopped_ = true;
        left_ = note.kind == Note::Kind::leave;
        if (note.failure.code != ExitCode::done) failure_ = note.failure;
        return;
    default:
        expects(false, "a note that root sends");
    }
}

void RankLoop::cancel()
{
    if (fetch_) fetch_->cancel();
    compute_.cancel();
}

bool RankLoop::take_arrived()
{
    auto task = transfers_.arrived();
    if (!task) return false;
    compute_.push(std::move(*task));
    return true;
}

bool RankLoop::take_fetched()
{
    auto outcome = fetch_ ? fetch_->poll() : std::nullopt;
    if (!outcome) return false;
    if (outcome->kind == Outcome::Kind::done)
        compute_.push(std::move(outcome->task));
    else
        give_up(*outcome);
    return true;
}

bool RankLoop::take_computed()
{
    auto outcome = compute_.poll();
    if (!outcome) return false;
    auto const window = outcome->task.assignment.window;
    if (outcome->kind != Outcome::Kind::done) {
        give_up(*outcome);
    } else if (store_) {
        store_->push(std::move(outcome->task));
    } else {
        tell({.kind = Note::Kind::result,
              .window = window,
              .bytes = outcome->task.bytes.span().size(),
              .bad_rows = compute_.bad_rows().take(window)});
        fail_point("return");
        transfers_.send(root, std::move(outcome->task));
    }
    return true;
}

bool RankLoop::take_stored()
{
    auto const outcome = store_ ? store_->poll() : std::nullopt;
    if (!outcome) return false;
    auto const window = outcome->task.assignment.window;
    if (outcome->kind == Outcome::Kind::done)
        tell({.kind = Note::Kind::result, .window = window, .bad_rows = compute_.bad_rows().take(window)});
    else
        give_up(*outcome);
    return true;
}

bool RankLoop::take_synced()
{
    auto const outcome = sync_ ? sync_->poll() : std::nullopt;
    if (!outcome) return false;
    bool const failed = outcome->kind == Outcome::Kind::failed;
    tell({.kind = Note::Kind::synced, .failure = failed ? outcome->failure : Failure{ExitCode::done, {}}});
    return true;
}

/// Root decides; this rank keeps on until it is told.
bool RankLoop::take_interrupt()
{
    auto const how = interrupts_ ? interrupts_->now() : Interrupt::none;
    if (how <= told_ || stopped_) return false;
    told_ = how;
    tell({.kind = how == Interrupt::drain ? Note::Kind::drain : Note::Kind::leave});
    return true;
}

void RankLoop::give_up(Outcome const& outcome)
{
    bool const failed = outcome.kind == Outcome::Kind::failed;
    tell({.kind = failed ? Note::Kind::failed : Note::Kind::dropped,
          .window = outcome.task.assignment.window,
          .failure = failed ? outcome.failure : Failure{ExitCode::done, {}}});
}

void RankLoop::tell(Note const& note)
{
    communicator_.send(root, encode(note));
}

} // namespace distinfer::pipeline
