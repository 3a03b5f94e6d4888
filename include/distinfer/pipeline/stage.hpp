#pragma once

#include "distinfer/core/buffer_pool.hpp"
#include "distinfer/core/queue.hpp"
#include "distinfer/core/stage_times.hpp"
#include "distinfer/core/wakeup.hpp"
#include "distinfer/pipeline/failure.hpp"
#include "distinfer/plan/dispatcher.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace distinfer::pipeline
{

/// A window on its way through the stages of a rank, with the bytes that it has at that point.
struct Task
{
    plan::Assignment assignment;
    PooledBuffer bytes;
};

/// What became of a task.
struct Outcome
{
    enum class Kind { done, dropped, failed };

    Kind kind = Kind::done;
    Task task;
    Failure failure; ///< where failed
};

/// What a stage does with a window.
struct Step
{
    /// Turns the window's bytes into the stage's own. @throws Error
    std::function<void(std::uint64_t window, std::span<std::byte const> in, std::span<std::byte> out)> work;

    /// Where the room for the result comes from, or null where the stage gives none.
    BufferPool* pool = nullptr;

    /// Bytes of a window's result.
    std::function<std::uint64_t(std::uint64_t window)> out_bytes = [](std::uint64_t) { return 0; };
};

/// A step with threads of its own: tasks go in, outcomes come out; in order where there is one thread. push, poll,
/// cancel: one thread.
class Stage
{
  public:
    /// Every outcome notifies `wakeup`, which must outlive the stage, as must all that `step` uses. Where there are
    /// several threads, step.work is called by them at once. @pre threads > 0
    Stage(Step step, Wakeup& wakeup, int threads = 1);

    /// Waits for the task that is at work; drops the others.
    ~Stage();

    Stage(Stage const&) = delete;
    Stage& operator=(Stage const&) = delete;

    void push(Task task);

    /// The next outcome, if there is one.
    std::optional<Outcome> poll();

    /// From now on tasks that have not begun come out as dropped.
    void cancel();

    StageTimes times() const;

  private:
    void run();
    Outcome perform(Task task);

    Step step_;
    Wakeup& wakeup_;
    Queue<Task> tasks_;
    Queue<Outcome> outcomes_;
    std::atomic<bool> cancelled_ = false;
    mutable std::mutex times_mutex_;
    StageTimes times_;
    std::vector<std::jthread> threads_; ///< last: they use all of the above
};

} // namespace distinfer::pipeline
