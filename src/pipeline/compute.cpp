#include "distinfer/pipeline/compute.hpp"

#include "distinfer/core/narrow.hpp"

namespace distinfer::pipeline
{

/// Decoded windows: one in each lane of the model, and one for each thread that decodes.
Compute::Compute(Job const& job, Parts const& parts, BufferPool& results, Wakeup& wakeup)
    : decoded_(narrow<std::size_t>(parts.decode_threads + lanes_of(job, parts.model))),
      infer_(infer_step(job, parts.model, results, bad_rows_), wakeup, lanes_of(job, parts.model))
{
    if (parts.decoder.needed())
        decode_.emplace(decode_step(job, parts.decoder, decoded_), wakeup, parts.decode_threads);
}

Compute::~Compute()
{
    decoded_.close();
}

void Compute::push(Task task)
{
    if (decode_)
        decode_->push(std::move(task));
    else
        infer_.push(std::move(task));
}

std::optional<Outcome> Compute::poll()
{
    while (auto outcome = decode_ ? decode_->poll() : std::nullopt) {
        if (outcome->kind != Outcome::Kind::done) return outcome;
        infer_.push(std::move(outcome->task));
    }
    return infer_.poll();
}

void Compute::cancel()
{
    if (decode_) decode_->cancel();
    infer_.cancel();
}

} // namespace distinfer::pipeline
