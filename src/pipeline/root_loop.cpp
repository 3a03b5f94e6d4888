#include "distinfer/pipeline/root_loop.hpp"

#include "distinfer/core/check.hpp"
#include "distinfer/core/fail_point.hpp"
#include "distinfer/core/log.hpp"
#include "distinfer/core/narrow.hpp"
#include "distinfer/pipeline/backoff.hpp"
#include "distinfer/pipeline/room.hpp"

namespace distinfer::pipeline
{

namespace
{

constexpr double longest_last_commit = 5; ///< seconds

} // namespace

RootLoop::RootLoop(Job const& job, comm::Communicator& communicator, comm::Transport& transport, Parts const& parts,
                   Progress progress)
    : job_(job),
      communicator_(communicator),
      progress_(std::move(progress)),
      inputs_(narrow<std::size_t>(root_room(job.slots, lanes_of(job, parts.model)).inputs)),
      outputs_(narrow<std::size_t>(root_room(job.slots, lanes_of(job, parts.model)).outputs)),
      dispatcher_(job.windows.windows(), communicator.size(), job.slots, job.schedule),
      transfers_(transport),
      fetch_(fetch_step(job, *parts.source, inputs_), wakeup_),
      compute_(job, parts, outputs_, wakeup_),
      store_(store_step(job, *parts.sink), wakeup_),
      journal_(parts.journal),
      losses_(parts.lost_before),
      interrupts_(parts.interrupts),
      deadlines_(job.stall_timeout, communicator.rank(), LookingClock{}),
      signs_of_life_(communicator.size(), job.stall_timeout, LookingClock{})
{
    auto const ask = [this](int rank) {
        deadlines_.commit_begins(rank);
        tell(rank, {.kind = Note::Kind::sync});
    };
    if (parts.journal)
        commits_.emplace(*parts.sink, *parts.journal, wakeup_, communicator_.rank(), job.commit_interval, ask);
}

RootLoop::~RootLoop()
{
    inputs_.close();
    outputs_.close();
}

Ending RootLoop::run()
{
    step_until([this] { return finished() || may_leave(); }, [this] { return step(); }, wakeup_);
    bool const left = !finished() || interrupt_ == Interrupt::leave;
    // A rank that ends by itself would have the launcher end root, before that has said what happened.
    if (!stall_)
        tell_all({.kind = left ? Note::Kind::leave : Note::Kind::stop,
                  .failure = failure_.value_or(Failure{ExitCode::done, {}})});
    return {.failure = failure_,
            .lost = lost_,
            .left = left,
            .stall = stall_,
            .fetch = fetch_.times(),
            .decode = compute_.decode_times(),
            .infer = compute_.infer_times(),
            .store = store_.times()};
}

bool RootLoop::finished() const
{
    return dispatcher_.done() && unstored_ == 0 && transfers_.idle() && (!commits_ || commits_->idle());
}

/// Whether nothing is gained by staying, though windows run; a rank that does not answer is not waited for.
bool RootLoop::may_leave() const
{
    return interrupt_ == Interrupt::leave &&
           (!commits_ || commits_->idle() || since_interrupt_.seconds() > longest_last_commit);
}

/// One look at everything that may have happened. Whether something had.
bool RootLoop::step()
{
    bool moved = take_note();
    moved |= take_lost();
    moved |= take_interrupt(); // before it hands anything out: the time may be over from the start
    moved |= assign();
    moved |= take_fetched();
    moved |= take_computed();
    moved |= receive_announced();
    moved |= take_arrived();
    moved |= take_stored();
    moved |= take_left();
    moved |= commit();
    moved |= take_stall();
    show_life();
    return moved;
}

/// Once nothing runs, what is stored is recorded without delay.
bool RootLoop::commit()
{
    if (!commits_) return false;
    bool const last = dispatcher_.done() && unstored_ == 0;
    bool const moved = commits_->step(last || interrupt_ == Interrupt::leave);
    if (auto failure = commits_->take_failure()) fail(std::move(*failure));
    if (moved || !commits_->is_at_work()) deadlines_.commit_ends(communicator_.rank());
    if (commits_->is_at_work()) deadlines_.commit_begins(communicator_.rank());
    return moved;
}

bool RootLoop::assign()
{
    bool moved = false;
    while (auto const assignment = dispatcher_.next()) {
        ++unstored_;
        bool const fetches_itself = job_.direct_read && assignment->rank != communicator_.rank();
        deadlines_.enter(fetches_itself ? Phase::run : Phase::fetch, *assignment);
        if (fetches_itself)
            tell(assignment->rank, {.kind = Note::Kind::assign, .window = assignment->window});
        else
            fetch_.push({*assignment, {}});
        moved = true;
    }
    return moved;
}

bool RootLoop::take_note()
{
    auto const message = communicator_.poll();
    if (message) accept(message->from, decode(message->body));
    return message.has_value();
}

void RootLoop::accept(int from, Note note)
{
    if (dispatcher_.is_lost(from)) return; // what it held has gone to others
    plan::Assignment const assignment{note.window, from};
    switch (note.kind) {
    case Note::Kind::result:
        dispatcher_.finished(assignment);
        compute_.bad_rows().put(note.window, std::move(note.bad_rows));
        if (job_.direct_write)
            stored(assignment);
        else
            announce(assignment, note.bytes);
        return;
    case Note::Kind::dropped:
        give_up(assignment);
        return;
    case Note::Kind::failed:
        fail(std::move(note.failure));
        give_up(assignment);
        return;
    case Note::Kind::synced:
        take_synced(from, note);
        return;
    case Note::Kind::drain:
        interrupt(Interrupt::drain);
        return;
    case Note::Kind::leave:
        interrupt(Interrupt::leave);
        return;
    default:
        expects(false, "a note that a rank sends");
    }
}

void RootLoop::take_synced(int from, Note const& note)
{
    deadlines_.commit_ends(from);
    if (note.failure.code == ExitCode::done) {
        commits_->synced(from);
    } else {
        commits_->stop();
        fail(note.failure);
    }
}

bool RootLoop::take_fetched()
{
    auto outcome = fetch_.poll();
    if (!outcome) return false;
    auto const assignment = outcome->task.assignment;
    if (outcome->kind == Outcome::Kind::failed) fail(outcome->failure);
    if (dispatcher_.is_lost(assignment.rank)) return true;
    if (outcome->kind != Outcome::Kind::done || failure_) {
        give_up(assignment);
    } else if (assignment.rank == communicator_.rank()) {
        deadlines_.enter(Phase::run, assignment);
        compute_.push(std::move(outcome->task));
    } else {
        send(std::move(outcome->task));
    }
    return true;
}

bool RootLoop::take_computed()
{
    auto outcome = compute_.poll();
    if (!outcome) return false;
    if (outcome->kind == Outcome::Kind::failed) fail(outcome->failure);
    if (outcome->kind == Outcome::Kind::done) {
        dispatcher_.finished(outcome->task.assignment);
        store(std::move(outcome->task));
    } else {
        give_up(outcome->task.assignment);
    }
    return true;
}

bool RootLoop::receive_announced()
{
    if (announced_.empty()) return false;
    auto buffer = outputs_.try_acquire(announced_.front().bytes);
    if (!buffer) return false;
    auto const assignment = announced_.front().assignment;
    announced_.pop_front();
    deadlines_.enter(Phase::gather, assignment);
    transfers_.receive(assignment.rank, {assignment, std::move(*buffer)});
    return true;
}

bool RootLoop::take_arrived()
{
    auto task = transfers_.arrived();
    if (!task) return false;
    store(std::move(*task));
    return true;
}

bool RootLoop::take_left()
{
    auto const task = transfers_.left();
    if (task) deadlines_.sent(task->assignment);
    return task.has_value();
}

void RootLoop::store(Task task)
{
    deadlines_.enter(Phase::store, task.assignment);
    store_.push(std::move(task));
}

void RootLoop::announce(plan::Assignment assignment, std::uint64_t bytes)
{
    deadlines_.enter(Phase::wait, assignment);
    announced_.push_back({assignment, bytes});
}

bool RootLoop::take_stored()
{
    auto const outcome = store_.poll();
    if (!outcome) return false;
    if (outcome->kind == Outcome::Kind::done) {
        stored(outcome->task.assignment);
        return true;
    }
    --unstored_;
    deadlines_.left(outcome->task.assignment);
    if (outcome->kind == Outcome::Kind::failed) fail(outcome->failure);
    return true;
}

void RootLoop::stored(plan::Assignment assignment)
{
    --unstored_;
    deadlines_.left(assignment);
    auto const rows = job_.windows.window(assignment.window);
    int const by = job_.direct_write ? assignment.rank : communicator_.rank();
    auto bad = compute_.bad_rows().take(assignment.window);
    if (commits_) commits_->stored({assignment.window, by}, rows, std::move(bad));
    if (progress_) progress_(rows.size());
}

void RootLoop::send(Task task)
{
    auto const assignment = task.assignment;
    deadlines_.enter(Phase::send, assignment);
    tell(assignment.rank, {.kind = Note::Kind::assign, .window = assignment.window, .bytes = task.bytes.span().size()});
    transfers_.send(assignment.rank, std::move(task));
    fail_point("send");
}

void RootLoop::tell(int rank, Note const& note)
{
    signs_of_life_.told(rank);
    communicator_.send(rank, encode(note));
}

void RootLoop::tell_all(Note const& note)
{
    for (int rank = 0; rank < communicator_.size(); ++rank)
        if (rank != communicator_.rank() && !dispatcher_.is_lost(rank)) tell(rank, note);
}

/// The first failure is the job's; nothing new begins after it, on any rank.
void RootLoop::fail(Failure failure)
{
    if (failure_) return;
    failure_ = std::move(failure);
    dispatcher_.stop();
    fetch_.cancel();
    compute_.cancel();
    tell_all({.kind = Note::Kind::cancel});
}

/// The rank no longer holds the window, and nothing of it will be stored.
void RootLoop::give_up(plan::Assignment assignment)
{
    dispatcher_.finished(assignment);
    --unstored_;
    deadlines_.left(assignment);
}

} // namespace distinfer::pipeline
