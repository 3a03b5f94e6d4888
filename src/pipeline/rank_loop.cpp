#include "distinfer/pipeline/rank_loop.hpp"

#include "distinfer/core/check.hpp"
#include "distinfer/core/narrow.hpp"

namespace distinfer::pipeline
{

namespace
{

constexpr int root = 0;
constexpr std::size_t output_buffers = 2; ///< one that is being filled, one that is on its way

} // namespace

RankLoop::RankLoop(Job const& job, comm::Communicator& communicator, comm::Transport& transport, Model& model)
    : communicator_(communicator),
      inputs_(narrow<std::size_t>(job.slots)),
      outputs_(output_buffers),
      transfers_(transport),
      infer_(infer_step(job, model, outputs_), wakeup_)
{}

RankLoop::~RankLoop()
{
    outputs_.close();
}

Ending RankLoop::run()
{
    Backoff backoff{wakeup_};
    while (!stopped_ || !transfers_.idle()) {
        if (step())
            backoff.reset();
        else
            backoff.pause();
    }
    return {.failure = failure_, .fetch = {}, .infer = infer_.times(), .store = {}};
}

/// One look at everything that may have happened. Whether something had.
bool RankLoop::step()
{
    bool moved = take_note();
    moved |= take_arrived();
    moved |= take_outcome();
    moved |= transfers_.left().has_value();
    return moved;
}

bool RankLoop::take_note()
{
    auto const message = communicator_.poll();
    if (message) accept(decode(message->body));
    return message.has_value();
}

void RankLoop::accept(Note const& note)
{
    switch (note.kind) {
    case Note::Kind::assign: {
        // Root sends no more windows than this rank has slots, and each slot has a buffer.
        auto buffer = inputs_.try_acquire(note.bytes);
        expects(buffer.has_value(), "a free buffer for a window that root assigned");
        transfers_.receive(root, {{note.window, communicator_.rank()}, std::move(*buffer)});
        return;
    }
    case Note::Kind::cancel:
        infer_.cancel();
        return;
    case Note::Kind::stop:
        stopped_ = true;
        if (note.failure.code != ExitCode::done) failure_ = note.failure;
        return;
    default:
        expects(false, "a note that root sends");
    }
}

bool RankLoop::take_arrived()
{
    auto task = transfers_.arrived();
    if (!task) return false;
    infer_.push(std::move(*task));
    return true;
}

bool RankLoop::take_outcome()
{
    auto outcome = infer_.poll();
    if (!outcome) return false;
    answer(std::move(*outcome));
    return true;
}

void RankLoop::answer(Outcome outcome)
{
    auto const window = outcome.task.assignment.window;
    if (outcome.kind == Outcome::Kind::failed) {
        tell({.kind = Note::Kind::failed, .window = window, .failure = outcome.failure});
    } else if (outcome.kind == Outcome::Kind::dropped) {
        tell({.kind = Note::Kind::dropped, .window = window});
    } else {
        tell({.kind = Note::Kind::result, .window = window, .bytes = outcome.task.bytes.span().size()});
        transfers_.send(root, std::move(outcome.task));
    }
}

void RankLoop::tell(Note const& note)
{
    communicator_.send(root, encode(note));
}

} // namespace distinfer::pipeline
