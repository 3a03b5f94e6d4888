#include "distinfer/pipeline/job.hpp"

#include "distinfer/core/fail_point.hpp"

#include <memory>

namespace distinfer::pipeline
{

namespace
{

/// Cuts a window into batches and points the model at each.
class BatchRunner
{
  public:
    BatchRunner(Job const& job, Model& model)
        : job_(job), model_(model), inputs_(job.inputs.tensors()), outputs_(job.outputs.tensors())
    {}

    void run(std::uint64_t window, std::span<std::byte const> in, std::span<std::byte> out)
    {
        RowRange const rows = job_.windows.window(window);
        for (RowRange const batch : job_.windows.batches(window)) {
            fail_point("infer");
            point(inputs_, job_.inputs, in.data(), rows, batch);
            point(outputs_, job_.outputs, out.data(), rows, batch);
            try {
                model_.run(batch.size(), inputs_, outputs_);
            } catch (ModelError const& error) {
                throw ModelError("the model failed on " + to_string(batch), error.what());
            }
        }
    }

  private:
    template <class Pointer>
    static void point(std::vector<Pointer>& pointers, PayloadLayout const& layout, Pointer base, RowRange window,
                      RowRange batch)
    {
        for (std::size_t i = 0; i < pointers.size(); ++i)
            pointers[i] = base + layout.offset(i, window.size()) + (batch.begin - window.begin) * layout.row_bytes(i);
    }

    Job const& job_;
    Model& model_;
    std::vector<std::byte const*> inputs_;
    std::vector<std::byte*> outputs_;
};

} // namespace

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

Step infer_step(Job const& job, Model& model, BufferPool& pool)
{
    auto const runner = std::make_shared<BatchRunner>(job, model);
    return {.work = [runner](std::uint64_t window, std::span<std::byte const> in,
                             std::span<std::byte> out) { runner->run(window, in, out); },
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
