// How Setup finds the batch where the config leaves it open.
#include "distinfer/app/agree.hpp"
#include "distinfer/app/batch_trial.hpp"
#include "distinfer/app/setup.hpp"
#include "distinfer/core/log.hpp"
#include "distinfer/core/narrow.hpp"
#include "distinfer/core/stopwatch.hpp"
#include "distinfer/device/host.hpp"

namespace distinfer::app
{

/// A run that goes on keeps the batches of its first attempt: what root would find now may differ.
void Setup::choose_batch()
{
    agree_on_root(communicator_, [&] {
        auto const before = earlier_ ? earlier_->facts.batch : 0;
        report_.batch = config_.run.batch ? *config_.run.batch : before > 0 ? before : search_batch();
    });
    report_.batch = std::stoull(broadcast_text(communicator_, std::to_string(report_.batch)));
}

/// This rank's part of what its node has left.
std::uint64_t Setup::memory_of_rank() const
{
    return device::available_memory_bytes() / communicator_.node().size();
}

std::uint64_t Setup::search_batch()
{
    Stopwatch const time;
    auto const range = loaded_->batch_range();
    auto const rows = std::max<std::uint64_t>(report_.rows, 1);
    plan::BatchSearch search{
        {.rows = rows, .ranks = communicator_.size(), .least = range.least, .largest = range.largest}};
    PayloadLayout const inputs{inputs_};
    BatchMemory memory{.left = memory_of_rank(),
                       // Root holds the most: input and output windows beside those that are run.
                       .windows = narrow<std::uint64_t>(config_.run.credits) + 8};
    auto const peak = device::peak_memory_bytes();
    if (report_.rows > 0)
        try_batches(search, {.bind = [&](std::uint64_t size) { return bind(*loaded_, size, true); },
                             .inputs = inputs,
                             .rows = rows,
                             .read = [&](RowRange some) { return read_rows(some); },
                             .skips_bad_rows = config_.run.on_bad_row == config::OnBadRow::skip,
                             .name_rows = [&](RowRange some) { return io::name_rows(facts_, some); },
                             .fits =
                                 [&](std::uint64_t size, std::uint64_t output_row_bytes) {
                                     memory.taken = device::peak_memory_bytes() - peak;
                                     memory.rows = search.trials().back().rows;
                                     memory.bytes_per_row = inputs.bytes_per_row() + output_row_bytes;
                                     return fits(memory, size);
                                 }});
    if (!search.trials().empty()) {
        // A program adapts to what its first calls are given: root begins anew, with what all ranks begin with.
        loaded_.reset();
        device::give_back_freed_memory();
        loaded_ = model::load_model(model_file_->get(), load_options());
    }
    for (auto const& [tried, seconds] : search.trials()) report_.tried_batches.push_back({tried, seconds});
    report_.batch_search_seconds = time.seconds();
    log::info("run.batch: auto is " + std::to_string(search.best()) + " rows");
    return search.best();
}

} // namespace distinfer::app
