#pragma once

#include "distinfer/pipeline/job.hpp"

#include <optional>

namespace distinfer::pipeline
{

/// What a rank does to a window between its arrival and its result: decode, where there is something to decode, then
/// infer. While windows are in the model, one in each of its lanes, the next is decoded. push, poll, cancel: one
/// thread.
class Compute
{
  public:
    /// All of them must outlive it. @param results where the room for results comes from
    Compute(Job const& job, Parts const& parts, BufferPool& results, Wakeup& wakeup);
    ~Compute();
    Compute(Compute const&) = delete;
    Compute& operator=(Compute const&) = delete;

    /// @param task a window as it travelled
    void push(Task task);

    /// A window with its result, or what became of it.
    std::optional<Outcome> poll();

    /// From now on windows that have not begun come out as dropped.
    void cancel();

    /// Bad rows of windows that have run, here or elsewhere, until their result is stored.
    WindowBadRows& bad_rows() noexcept { return bad_rows_; }

    StageTimes decode_times() const { return decode_ ? decode_->times() : StageTimes{}; }
    StageTimes infer_times() const { return infer_.times(); }

  private:
    BufferPool decoded_;
    WindowBadRows bad_rows_;
    Stage infer_;
    std::optional<Stage> decode_; ///< nothing where windows travel as the model takes them
};

} // namespace distinfer::pipeline
