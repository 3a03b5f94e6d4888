#include "distinfer/pipeline/job.hpp"
#include "support/fakes.hpp"

#include <gtest/gtest.h>

namespace distinfer::pipeline
{

namespace
{

Job job_of(std::uint64_t rows, std::uint64_t batch, std::uint64_t batches_per_window)
{
    return {.windows = {{rows, batch}, batches_per_window},
            .inputs = PayloadLayout{{{DType::int64, {}}}},
            .outputs = test::batch_aware_outputs()};
}

} // namespace

TEST(JobTest, AWindowIsRunInTheBatchesOfTheGrid)
{
    auto const job = job_of(10, 3, 2);
    test::CountingSource source{10};
    test::BatchAwareModel model;
    test::MemorySink sink{10};
    BufferPool pool{1};
    auto const fetch = fetch_step(job, source, pool);
    WindowBadRows bad;
    auto const infer = infer_step(job, model, pool, bad);
    auto const store = store_step(job, sink);
    for (std::uint64_t window = 0; window < job.windows.windows(); ++window) {
        Buffer in{fetch.out_bytes(window)};
        Buffer out{infer.out_bytes(window)};
        fetch.work(window, {}, in.span());
        infer.work(window, in.span(), out.span());
        store.work(window, out.span(), {});
    }
    for (std::uint64_t row = 0; row < 10; ++row) {
        EXPECT_EQ(sink.values[row], test::BatchAwareModel::expected(row, 3));
        EXPECT_EQ(sink.batch_rows[row], test::BatchAwareModel::expected_batch_rows(row, 3, 10));
        EXPECT_EQ(sink.times_stored[row], 1);
    }
}

TEST(JobTest, AFailingBatchIsNamedByItsRows)
{
    auto const job = job_of(10, 3, 4);
    test::CountingSource source{10};
    test::BatchAwareModel model{7};
    BufferPool pool{2};
    Buffer in{job.input_bytes(0)};
    Buffer out{job.output_bytes(0)};
    source.fetch(job.windows.window(0), in.span());
    try {
        WindowBadRows bad;
        infer_step(job, model, pool, bad).work(0, in.span(), out.span());
        FAIL();
    } catch (ModelError const& error) {
        EXPECT_STREQ(error.what(),
                     "the model failed on rows 6 to 8 (the fake model fails at 7); run.on_bad_row: skip goes on "
                     "without such rows");
    }
}

} // namespace distinfer::pipeline
