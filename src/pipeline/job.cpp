#include "distinfer/pipeline/job.hpp"

#include "batch_runner.hpp"
#include "distinfer/core/fail_point.hpp"

#include <algorithm>

namespace distinfer::pipeline
{

int lanes_of(Job const& job, Model const& model)
{
    return std::min(model.lanes(), job.slots);
}

Step fetch_step(Job const& job, Source& source, BufferPool& pool)
{
    return {.work =
                [&](std::uint64_t window, std::span<std::byte const>, std::span<std::byte> out) {
                    fail_point("fetch");
                    source.fetch(job.windows.window(window), out);
                },
            .pool = &pool,
            .out_bytes = [&](std::uint64_t window) { return source.wire_bytes(job.windows.window(window)); }};
}

Step decode_step(Job const& job, Decoder& decoder, BufferPool& pool)
{
    return {.work = [&](std::uint64_t window, std::span<std::byte const> in,
                        std::span<std::byte> out) { decoder.decode(job.windows.window(window), in, out); },
            .pool = &pool,
            .out_bytes = [&](std::uint64_t window) { return job.input_bytes(window); }};
}

Step infer_step(Job const& job, Model& model, BufferPool& pool, WindowBadRows& bad)
{
    return {.work =
                [&](std::uint64_t window, std::span<std::byte const> in, std::span<std::byte> out) {
                    bad.put(window, BatchRunner{job, model}.run(window, in, out));
                },
            .pool = &pool,
            .out_bytes = [&](std::uint64_t window) { return job.output_bytes(window); }};
}

Step store_step(Job const& job, Sink& sink)
{
    return {.work = [&](std::uint64_t window, std::span<std::byte const> in, std::span<std::byte>) {
        fail_point("store");
        sink.store(job.windows.window(window), in);
    }};
}

} // namespace distinfer::pipeline
