#include "distinfer/pipeline/stage.hpp"

#include "distinfer/core/check.hpp"
#include "distinfer/core/stopwatch.hpp"

namespace distinfer::pipeline
{

Stage::Stage(Step step, Wakeup& wakeup, int threads) : step_(std::move(step)), wakeup_(wakeup)
{
    expects(threads > 0, "a stage with a thread");
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

Stage::~Stage()
{
    tasks_.close();
}

void Stage::push(Task task)
{
    tasks_.push(std::move(task));
}

std::optional<Outcome> Stage::poll()
{
    return outcomes_.try_pop();
}

void Stage::cancel()
{
    cancelled_ = true;
}

StageTimes Stage::times() const
{
    std::lock_guard const lock{times_mutex_};
    return times_;
}

void Stage::run()
{
    Stopwatch starved;
    while (auto task = tasks_.pop()) {
        {
            std::lock_guard const lock{times_mutex_};
            times_.starved += starved.seconds();
        }
        // A statement of its own: it gives the input's buffer back, and whoever sees the outcome may count on that.
        Outcome outcome = perform(std::move(*task));
        outcomes_.push(std::move(outcome));
        wakeup_.notify();
        starved = Stopwatch{};
    }
}

Outcome Stage::perform(Task task)
{
    if (cancelled_) return {.kind = Outcome::Kind::dropped, .task = {task.assignment, {}}, .failure = {}};
    try {
        auto const window = task.assignment.window;
        Stopwatch const blocked;
        auto room = step_.pool ? step_.pool->acquire(step_.out_bytes(window)) : PooledBuffer{};
        if (!room) return {.kind = Outcome::Kind::dropped, .task = {task.assignment, {}}, .failure = {}};
        double const blocked_seconds = blocked.seconds();

        Stopwatch const busy;
        step_.work(window, task.bytes.span(), room->span());

        std::lock_guard const lock{times_mutex_};
        ++times_.windows;
        times_.bytes += step_.pool ? room->span().size() : task.bytes.span().size();
        times_.busy += busy.seconds();
        times_.blocked += blocked_seconds;
        return {.kind = Outcome::Kind::done, .task = {task.assignment, std::move(*room)}, .failure = {}};
    } catch (std::exception const&) {
        return {.kind = Outcome::Kind::failed,
                .task = {task.assignment, {}},
                .failure = failure_of(std::current_exception())};
    }
}

} // namespace distinfer::pipeline
