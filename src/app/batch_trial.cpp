#include "distinfer/app/batch_trial.hpp"

#include "batch_run.hpp"
#include "distinfer/core/narrow.hpp"
#include "distinfer/core/stopwatch.hpp"

#include <algorithm>

namespace distinfer::app
{

namespace
{

/// Rows that stay in a cache would flatter small batches: a job runs each row once.
constexpr std::uint64_t held_bytes = 8U << 20;
constexpr std::uint64_t most_held = 10; // batches

/// How many batches of so many rows are held at a time.
std::uint64_t batches_held(BatchTrials const& trials, std::uint64_t rows)
{
    auto const bytes = std::max<std::uint64_t>(trials.inputs.bytes(rows), 1);
    return std::clamp<std::uint64_t>(held_bytes / bytes, 1, std::min(most_held, trials.rows / rows));
}

/// The model with batches of the first rows.
std::unique_ptr<BatchRun> batches_of(BatchTrials const& trials, std::uint64_t size)
{
    auto const rows = std::min(size, trials.rows);
    auto held = rows * batches_held(trials, rows);
    auto model = trials.bind(size);
    if (trials.skips_bad_rows) held = rows;
    auto input = trials.read({0, held});
    if (trials.skips_bad_rows)
        input = batch_that_works(*model, trials.inputs, std::move(input), rows, trials.rows, trials.read);
    return std::make_unique<BatchRun>(std::move(model), trials.inputs, std::move(input), held, rows);
}

double seconds_of(BatchRun& batch)
{
    Stopwatch const time;
    batch.run();
    return time.seconds();
}

/// Whether memory holds batches of another size than those of `batch`, which it is free of afterwards.
bool makes_way(std::unique_ptr<BatchRun>& batch, std::uint64_t size, BatchTrials const& trials)
{
    auto const output_row_bytes = batch->output_row_bytes();
    batch.reset();
    return trials.fits(size, output_row_bytes);
}

/// Runs a batch, of the model that is there or of one that is made. What memory does not hold, but for the first, is
/// the search's to know.
void try_batch(std::unique_ptr<BatchRun>& batch, std::uint64_t size, plan::BatchSearch& search,
               BatchTrials const& trials)
{
    try {
        if (!batch) batch = batches_of(trials, size);
        search.took(seconds_of(*batch));
    } catch (OutOfMemory const&) {
        if (search.trials().empty()) throw;
        search.ran_out_of_memory();
    }
}

constexpr auto set_it = "where rows are bad, run.on_bad_row: skip goes on without them; where the model takes "
                        "other numbers of rows, set run.batch";

} // namespace

void try_batches(plan::BatchSearch& search, BatchTrials const& trials)
{
    std::unique_ptr<BatchRun> batch;
    std::uint64_t rows = 0; // of that batch
    while (auto const size = search.next()) {
        if (batch && rows != *size && !makes_way(batch, *size, trials)) return search.stop();
        rows = *size;
        try {
            try_batch(batch, rows, search, trials);
        } catch (RefusedBatch const& refused) {
            if (!search.trials().empty()) return search.stop();
            throw ModelError("the model failed on " + trials.name_rows({0, std::min(*size, trials.rows)}),
                             refused.what(), set_it);
        }
    }
}

bool fits(BatchMemory const& memory, std::uint64_t rows)
{
    auto const buffers = checked_product(memory.bytes_per_row, rows).value_or(UINT64_MAX);
    auto const windows = checked_product(buffers, memory.windows).value_or(UINT64_MAX);
    if (windows > memory.left) return false;
    double const grown = memory.rows == 0 ? 0 : static_cast<double>(rows) / static_cast<double>(memory.rows);
    return static_cast<double>(memory.taken) * grown + static_cast<double>(windows) <=
           0.8 * static_cast<double>(memory.left);
}

} // namespace distinfer::app
