#pragma once

#include "distinfer/app/probe.hpp"
#include "distinfer/core/model.hpp"
#include "distinfer/plan/batch_search.hpp"

#include <functional>
#include <memory>

namespace distinfer::app
{

/// What batches are tried with. All of it is called on one thread.
struct BatchTrials
{
    std::function<std::unique_ptr<Model>(std::uint64_t rows)> bind; ///< the model, for batches of so many rows
    PayloadLayout inputs;
    std::uint64_t rows = 1; ///< of the input; a larger batch is tried with as many
    ReadRows read;
    bool skips_bad_rows = false; ///< a row that the model fails on is replaced
    NameRows name_rows;
    std::function<bool(std::uint64_t rows, std::uint64_t output_row_bytes)> fits; ///< whether memory holds such batches
};

/// Runs what the search asks for until it is over. A batch that is refused, or that memory does not hold, ends it.
/// @throws ModelError where not even the first batch runs
void try_batches(plan::BatchSearch& search, BatchTrials const& trials);

/// Memory that a batch of another size may need, from what others were seen to need.
struct BatchMemory
{
    std::uint64_t left = 0;          ///< bytes that this rank may take
    std::uint64_t taken = 0;         ///< by batches of `rows` rows, their own buffers included
    std::uint64_t rows = 0;          ///< 0: none has run
    std::uint64_t bytes_per_row = 0; ///< of inputs and outputs, in the buffers of windows
    std::uint64_t windows = 0;       ///< that a rank holds at a time, each of a batch at least
};

/// Whether batches of so many rows fit, with a fifth of the memory left over. Pure.
bool fits(BatchMemory const& memory, std::uint64_t rows);

} // namespace distinfer::app
