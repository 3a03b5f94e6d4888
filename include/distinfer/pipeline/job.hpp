#pragma once

#include "distinfer/core/model.hpp"
#include "distinfer/core/payload_layout.hpp"
#include "distinfer/core/sink.hpp"
#include "distinfer/core/source.hpp"
#include "distinfer/core/stage_times.hpp"
#include "distinfer/pipeline/failure.hpp"
#include "distinfer/pipeline/stage.hpp"
#include "distinfer/plan/dispatcher.hpp"
#include "distinfer/plan/window_plan.hpp"

#include <optional>

namespace distinfer::pipeline
{

/// What every rank knows of a job before the first window moves; the same on every rank.
struct Job // NOLINT(cppcoreguidelines-pro-type-member-init): nobody makes one without windows
{
    plan::WindowPlan windows;
    PayloadLayout inputs;
    PayloadLayout outputs;
    plan::Schedule schedule = plan::Schedule::dynamic;
    int slots = 3; ///< windows a rank may hold, the one that it runs included

    std::uint64_t input_bytes(std::uint64_t window) const { return inputs.bytes(windows.window(window).size()); }
    std::uint64_t output_bytes(std::uint64_t window) const { return outputs.bytes(windows.window(window).size()); }
};

/// How a job ended on a rank.
struct Ending
{
    std::optional<Failure> failure; ///< the job's, the same on every rank
    StageTimes fetch;               ///< root only
    StageTimes infer;
    StageTimes store; ///< root only
};

/// Reads windows from the source into buffers of the pool.
Step fetch_step(Job const& job, Source& source, BufferPool& pool);

/// Runs the batches of a window through the model, in the grid's order, into buffers of the pool.
Step infer_step(Job const& job, Model& model, BufferPool& pool);

/// Stores windows in the sink.
Step store_step(Job const& job, Sink& sink);

} // namespace distinfer::pipeline
