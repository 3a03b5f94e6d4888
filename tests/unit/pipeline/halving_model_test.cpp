#include "distinfer/pipeline/halving_model.hpp"
#include "support/fakes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace distinfer::pipeline
{

namespace
{

/// Has memory for so many rows at once, and writes down what it was asked for.
class SmallModel : public test::BatchAwareModel
{
  public:
    SmallModel(std::uint64_t most, std::vector<std::uint64_t>& asked) : most_(most), asked_(asked) {}

    void run(std::uint64_t rows, std::span<std::byte const* const> inputs, std::span<std::byte* const> outputs) override
    {
        asked_.push_back(rows);
        if (rows > most_) throw OutOfMemory("no memory for " + std::to_string(rows) + " rows");
        BatchAwareModel::run(rows, inputs, outputs);
    }

  private:
    std::uint64_t most_;
    std::vector<std::uint64_t>& asked_;
};

/// Runs a batch of rows 0, 1, ... and keeps what comes out.
struct OneBatch
{
    explicit OneBatch(std::uint64_t rows, std::uint64_t most, int times = 1)
        : x(rows),
          y(rows),
          batch_rows(rows),
          model(std::make_unique<SmallModel>(most, asked), PayloadLayout{{{DType::int64, {}}}})
    {
        std::iota(x.begin(), x.end(), 0);
        std::vector<std::byte const*> const inputs{reinterpret_cast<std::byte const*>(x.data())};
        std::vector<std::byte*> const outputs{reinterpret_cast<std::byte*>(y.data()),
                                              reinterpret_cast<std::byte*>(batch_rows.data())};
        model.probe(rows, inputs);
        for (int time = 0; time < times; ++time) model.run(rows, inputs, outputs);
    }

    std::vector<std::int64_t> x;
    std::vector<std::int64_t> y;
    std::vector<std::uint8_t> batch_rows;
    std::vector<std::uint64_t> asked;
    HalvingModel model;
};

} // namespace

TEST(HalvingModelTest, ABatchThatFitsIsRunWhole)
{
    OneBatch const run{10, 10};
    EXPECT_EQ(run.asked, (std::vector<std::uint64_t>{10}));
    EXPECT_EQ(run.model.halved(), 0U);
}

TEST(HalvingModelTest, HalvesAreHalvedUntilTheyFit)
{
    OneBatch const run{10, 3};
    EXPECT_EQ(run.asked, (std::vector<std::uint64_t>{10, 5, 2, 3, 5, 2, 3}));
    EXPECT_EQ(run.batch_rows, (std::vector<std::uint8_t>{2, 2, 3, 3, 3, 2, 2, 3, 3, 3}));
    EXPECT_EQ(run.model.halved(), 1U);
}

TEST(HalvingModelTest, EveryRowGetsItsOwnResult)
{
    for (std::uint64_t rows = 1; rows <= 20; ++rows) {
        OneBatch const run{rows, 1};
        for (std::uint64_t i = 0; i < rows; ++i)
            EXPECT_EQ(run.y[i], test::BatchAwareModel::expected(i, 1)) << i << " of " << rows;
    }
}

TEST(HalvingModelTest, TheNextBatchIsTriedWholeAgainAndWarnedOfOnce)
{
    testing::internal::CaptureStderr();
    OneBatch const run{4, 2, 3};
    auto const said = testing::internal::GetCapturedStderr();
    EXPECT_EQ(run.model.halved(), 3U);
    EXPECT_EQ(std::ranges::count(run.asked, 4U), 3);
    auto const first = said.find("run in parts");
    ASSERT_NE(first, std::string::npos) << said;
    EXPECT_EQ(said.find("run in parts", first + 1), std::string::npos) << said;
}

TEST(HalvingModelTest, ARowThatDoesNotFitIsAnError)
{
    EXPECT_THROW((OneBatch{8, 0}), OutOfMemory);
}

} // namespace distinfer::pipeline
