#pragma once

#include "distinfer/core/decoder.hpp"
#include "distinfer/core/interrupt.hpp"
#include "distinfer/core/journal.hpp"
#include "distinfer/core/model.hpp"
#include "distinfer/core/payload_layout.hpp"
#include "distinfer/core/sink.hpp"
#include "distinfer/core/source.hpp"
#include "distinfer/core/stage_times.hpp"
#include "distinfer/pipeline/bad_rows.hpp"
#include "distinfer/pipeline/deadlines.hpp"
#include "distinfer/pipeline/failure.hpp"
#include "distinfer/pipeline/stage.hpp"
#include "distinfer/plan/dispatcher.hpp"
#include "distinfer/plan/window_plan.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace distinfer::pipeline
{

/// What every rank knows of a job before the first window moves; the same on every rank.
struct Job // NOLINT(cppcoreguidelines-pro-type-member-init): nobody makes one without windows
{
    plan::WindowPlan windows;
    PayloadLayout inputs;
    PayloadLayout outputs;
    plan::Schedule schedule = plan::Schedule::dynamic;
    int slots = 3;                       ///< windows a rank may hold, the one that it runs included
    bool direct_read = false;            ///< a rank fetches its windows itself; else root does, and sends them
    bool direct_write = false;           ///< a rank stores its windows itself; else it sends them to root
    double commit_interval = 5;          ///< seconds between commits
    double drain = 60;                   ///< seconds that windows which run may take after the job was asked to end
    std::optional<double> stall_timeout; ///< seconds without progress that end the job; nothing: auto
    bool skip_bad_rows = false;          ///< bad rows get the fill value and are listed; else one ends the job
    bool refuse_nonfinite = false;       ///< a NaN or infinity in an output makes its row bad
    std::vector<std::string> output_names = {}; ///< of the datasets, where refuse_nonfinite is set

    /// How messages name rows. Thread-safe.
    std::function<std::string(RowRange)> name_rows = [](RowRange rows) { return to_string(rows); };

    std::uint64_t input_bytes(std::uint64_t window) const { return inputs.bytes(windows.window(window).size()); }
    std::uint64_t output_bytes(std::uint64_t window) const { return outputs.bytes(windows.window(window).size()); }
};

/// What a rank does its work with; all of it outlives the loops.
struct Parts
{
    Decoder& decoder;
    Model& model;
    Source* source = nullptr; ///< on root, and where the rank fetches its windows itself
    Sink* sink = nullptr;     ///< on root, and where the rank stores its windows itself
    int decode_threads = 1;
    Journal* journal = nullptr;            ///< on root; without one nothing is recorded
    InterruptSource* interrupts = nullptr; ///< without one nobody asks the job to end early
    std::vector<RowRange> lost_before;     ///< on root: rows at which ranks of earlier runs died
};

/// Windows that a rank has in its model at once: one in each lane, where it may hold so many.
int lanes_of(Job const& job, Model const& model);

/// How a job ended on a rank.
struct Ending
{
    std::optional<Failure> failure; ///< the job's, the same on every rank
    std::vector<int> lost;          ///< on root: ranks that died
    bool left = false;              ///< threads are still at work: the process has to end without waiting for them
    std::optional<Stall> stall;     ///< on root: why it left
    bool root_is_silent = false;    ///< on another rank: why it left
    StageTimes fetch;               ///< where the rank fetches
    StageTimes decode;              ///< where there is something to decode
    StageTimes infer;
    StageTimes store; ///< where the rank stores
};

/// Reads windows from the source into buffers of the pool.
Step fetch_step(Job const& job, Source& source, BufferPool& pool);

/// Decodes windows as they travelled into buffers of the pool.
Step decode_step(Job const& job, Decoder& decoder, BufferPool& pool);

/// Runs the batches of a window through the model, in the grid's order, into buffers of the pool. Where the model has
/// several lanes, so many windows at once.
/// @param bad where the bad rows of the window go before its result is there
Step infer_step(Job const& job, Model& model, BufferPool& pool, WindowBadRows& bad);

/// Stores windows in the sink.
Step store_step(Job const& job, Sink& sink);

} // namespace distinfer::pipeline
