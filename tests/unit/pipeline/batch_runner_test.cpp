#include "batch_runner.hpp"
#include "support/expect_error.hpp"
#include "support/fakes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <functional>
#include <new>

namespace distinfer::pipeline
{

namespace
{

/// Row x of int64 becomes an int64, x itself, and two floats, 1 and 1 / x. Fails as the test says.
class Inverse : public Model
{
  public:
    std::vector<NamedTensor> probe(std::uint64_t, std::span<std::byte const* const>) override
    {
        return {{"/x", {DType::int64, {}}}, {"/y", {DType::float32, {2}}}};
    }

    void run(std::uint64_t rows, std::span<std::byte const* const> inputs, std::span<std::byte* const> outputs) override
    {
        std::vector<std::int64_t> x(rows);
        std::memcpy(x.data(), inputs[0], rows * 8);
        ++calls;
        fails(x);
        for (std::uint64_t i = 0; i < rows; ++i) {
            std::array<float, 2> const y{1.0F, x[i] == nan_at ? std::nanf("") : 1.0F / static_cast<float>(x[i])};
            std::memcpy(outputs[0] + 8 * i, &x[i], 8);
            std::memcpy(outputs[1] + 8 * i, y.data(), 8);
        }
    }

    std::function<void(std::vector<std::int64_t> const& x)> fails = [](auto const&) {};
    std::int64_t nan_at = -1;
    int calls = 0;
};

/// Eight rows, 10 to 17, as the only batch of a window.
class BatchRunnerTest : public testing::Test
{
  public:
    Job job{.windows = {{8, 8}, 1},
            .inputs = PayloadLayout{{{DType::int64, {}}}},
            .outputs = PayloadLayout{{{DType::int64, {}}, {DType::float32, {2}}}},
            .skip_bad_rows = true,
            .output_names = {"/x", "/y"}};
    Inverse model;
    std::vector<std::int64_t> input{10, 11, 12, 13, 14, 15, 16, 17};

    std::vector<BadRow> run()
    {
        Buffer in{job.inputs.bytes(8)};
        Buffer out{job.outputs.bytes(8)};
        std::memcpy(in.data(), input.data(), 64);
        auto bad = BatchRunner{job, model}.run(0, in.span(), out.span());
        std::memcpy(x.data(), out.data(), 64);
        std::memcpy(y.data(), out.data() + job.outputs.offset(1, 8), 64);
        return bad;
    }

    void fail_where(std::function<bool(std::vector<std::int64_t> const& x)> const& bad)
    {
        model.fails = [bad](auto const& batch) {
            if (bad(batch)) throw RefusedBatch("the model refused x", "no such atom\nsecond line");
        };
    }

    std::array<std::int64_t, 8> x{};
    std::array<std::array<float, 2>, 8> y{};
};

bool holds(std::vector<std::int64_t> const& x, std::int64_t value)
{
    return std::ranges::find(x, value) != x.end();
}

} // namespace

TEST_F(BatchRunnerTest, BadRowsGetTheFillValueAndTheOthersTheirResult)
{
    fail_where([](auto const& batch) { return holds(batch, 10) || holds(batch, 15); });
    EXPECT_EQ(run(), (std::vector<BadRow>{{0, "no such atom"}, {5, "no such atom"}}));
    EXPECT_EQ(x, (std::array<std::int64_t, 8>{0, 11, 12, 13, 14, 0, 16, 17}));
    for (std::size_t row = 0; row < 8; ++row) {
        bool const bad = row == 0 || row == 5;
        EXPECT_EQ(std::isnan(y[row][0]), bad) << row;
        EXPECT_EQ(std::isnan(y[row][1]), bad) << row;
    }
}

/// What the model is given in a trial is as long as the batch, and has every row that is tried in its place.
TEST_F(BatchRunnerTest, EveryTrialIsTheBatchWithCopiesInTheOtherPlaces)
{
    fail_where([&](auto const& batch) {
        EXPECT_EQ(batch.size(), 8U);
        auto const in_place = [&](std::size_t i) { return batch[i] == input[i]; };
        std::size_t first = 0;
        while (first < 8 && !in_place(first)) ++first;
        EXPECT_LT(first, 8U);
        for (std::size_t i = 0; i < 8; ++i) EXPECT_TRUE(in_place(i) || batch[i] == input[first]);
        return holds(batch, 13);
    });
    EXPECT_EQ(run().size(), 1U);
    EXPECT_LE(model.calls, 1 + 1 + 2 * 3 + 1) << "run, tried again, bisected, run without the row";
}

TEST_F(BatchRunnerTest, WhereEveryRowIsBadAllGetTheFillValue)
{
    fail_where([](auto const&) { return true; });
    EXPECT_EQ(run().size(), 8U);
    EXPECT_EQ(x, (std::array<std::int64_t, 8>{}));
    for (auto const& row : y) EXPECT_TRUE(std::isnan(row[0]));
}

TEST_F(BatchRunnerTest, ABatchThatRunsWhenItIsTriedAgainIsGood)
{
    fail_where([&](auto const&) { return model.calls == 1; });
    EXPECT_EQ(run(), std::vector<BadRow>{});
    EXPECT_EQ(x[7], 17);
    EXPECT_EQ(model.calls, 2);
}

/// None of them is bad alone, and there is no result of them together.
TEST_F(BatchRunnerTest, RowsThatFailTogetherOnlyAreAllBad)
{
    fail_where([](auto const& batch) { return holds(batch, 10) && holds(batch, 17); });
    auto const bad = run();
    ASSERT_EQ(bad.size(), 8U);
    EXPECT_EQ(bad[3], (BadRow{3, "together with others: no such atom"}));
}

TEST_F(BatchRunnerTest, WhatIsNotTheRowsFaultEndsTheJob)
{
    model.fails = [](auto const&) { throw ModelError("another shape"); };
    test::expect_error<ModelError>([&] { run(); }, {"the model failed on rows 0 to 7", "another shape"});
    model.fails = [](auto const&) { throw std::bad_alloc{}; };
    EXPECT_THROW(run(), std::bad_alloc);
    EXPECT_EQ(model.calls, 2) << "nothing is tried again";

    model.fails = [this](auto const&) {
        if (model.calls > 3) throw std::bad_alloc{};
        throw RefusedBatch("no");
    };
    EXPECT_THROW(run(), std::bad_alloc) << "in a trial too";
}

TEST_F(BatchRunnerTest, WithoutSkippingTheRowsAreNamed)
{
    job.skip_bad_rows = false;
    fail_where([](auto const& batch) { return holds(batch, 13); });
    test::expect_error<ModelError>([&] { run(); }, {"the model failed on rows 0 to 7", "no such atom", "skip"});
    EXPECT_EQ(model.calls, 1);
}

TEST_F(BatchRunnerTest, NonfiniteResultsAreTakenUnlessTheyAreRefused)
{
    model.nan_at = 12;
    input[4] = 0;
    EXPECT_EQ(run(), std::vector<BadRow>{});
    EXPECT_TRUE(std::isinf(y[4][1]));

    job.refuse_nonfinite = true;
    EXPECT_EQ(run(), (std::vector<BadRow>{{2, "NaN in /y"}, {4, "infinity in /y"}}));
    EXPECT_EQ(x, (std::array<std::int64_t, 8>{10, 11, 0, 13, 0, 15, 16, 17})) << "all outputs of a bad row";
    EXPECT_TRUE(std::isnan(y[4][0]));
    EXPECT_EQ(model.calls, 2);

    job.skip_bad_rows = false;
    test::expect_error<ModelError>([&] { run(); }, {"a result of row 2", "NaN in /y", "skip"});
}

TEST_F(BatchRunnerTest, BothKindsOfBadRowsAreListedInOrder)
{
    job.refuse_nonfinite = true;
    model.nan_at = 12;
    fail_where([](auto const& batch) { return holds(batch, 10) || holds(batch, 17); });
    EXPECT_EQ(run(), (std::vector<BadRow>{{0, "no such atom"}, {2, "NaN in /y"}, {7, "no such atom"}}));
}

} // namespace distinfer::pipeline
