#include "distinfer/app/batch_trial.hpp"
#include "support/fakes.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <map>

namespace distinfer::app
{

namespace
{

/// Takes batches of up to so many rows; what it does with more can be chosen.
class LimitedModel : public test::BatchAwareModel
{
  public:
    enum class Beyond { out_of_memory, refused };

    LimitedModel(std::uint64_t most, Beyond beyond, std::map<std::uint64_t, int>& runs)
        : most_(most), beyond_(beyond), runs_(runs)
    {}

    void run(std::uint64_t rows, std::span<std::byte const* const> inputs, std::span<std::byte* const> outputs) override
    {
        if (rows > most_ && beyond_ == Beyond::refused) throw RefusedBatch("too many rows");
        if (rows > most_) throw OutOfMemory("no memory");
        ++runs_[rows];
        BatchAwareModel::run(rows, inputs, outputs);
    }

  private:
    std::uint64_t most_;
    Beyond beyond_;
    std::map<std::uint64_t, int>& runs_;
};

/// 100 rows for one rank: batches of 1, 2, 4, ... 128 rows could be tried, the last with 100.
class BatchTrialTest : public testing::Test
{
  protected:
    plan::BatchSearch search_{{.rows = 100, .ranks = 1, .largest = 1U << 20}};
    std::map<std::uint64_t, int> runs_;

    void try_all(std::uint64_t most, LimitedModel::Beyond beyond, std::uint64_t fits = UINT64_MAX)
    {
        test::CountingSource source{100};
        try_batches(search_,
                    {.bind = [&](std::uint64_t) { return std::make_unique<LimitedModel>(most, beyond, runs_); },
                     .inputs = source.layout(),
                     .rows = source.rows(),
                     .read =
                         [&](RowRange rows) {
                             std::vector<std::byte> bytes(source.wire_bytes(rows));
                             source.fetch(rows, bytes);
                             return bytes;
                         },
                     .name_rows = [](RowRange rows) { return "rows to " + std::to_string(rows.end); },
                     .fits = [=](std::uint64_t rows, std::uint64_t) { return rows <= fits; }});
    }
};

} // namespace

using Beyond = LimitedModel::Beyond;

TEST_F(BatchTrialTest, NoBatchIsLargerThanTheInput)
{
    try_all(1000, Beyond::refused);
    ASSERT_FALSE(runs_.empty());
    EXPECT_LE(runs_.rbegin()->first, 100U);
    EXPECT_EQ(search_.next(), std::nullopt);
}

TEST_F(BatchTrialTest, MemoryThatRunsOutEndsTheSearch)
{
    try_all(1, Beyond::out_of_memory);
    EXPECT_EQ(search_.best(), 1U);
    EXPECT_EQ(runs_.size(), 1U);
}

TEST_F(BatchTrialTest, ABatchThatIsRefusedEndsTheSearch)
{
    try_all(1, Beyond::refused);
    EXPECT_EQ(search_.best(), 1U);
}

TEST_F(BatchTrialTest, ABatchThatWouldNotFitIsNotTried)
{
    try_all(1000, Beyond::refused, 2);
    EXPECT_LE(runs_.rbegin()->first, 2U);
}

TEST_F(BatchTrialTest, AModelThatRunsNoBatchIsAnError)
{
    EXPECT_THROW(try_all(0, Beyond::out_of_memory), OutOfMemory);
    try {
        try_all(0, Beyond::refused);
        FAIL();
    } catch (ModelError const& error) {
        EXPECT_NE(std::string{error.what()}.find("the model failed on rows to 1"), std::string::npos) << error.what();
        EXPECT_NE(std::string{error.what()}.find("set run.batch"), std::string::npos) << error.what();
    }
}

TEST(BatchMemoryTest, LeavesAFifthOfTheMemory)
{
    BatchMemory const memory{.left = 1000, .taken = 200, .rows = 2, .bytes_per_row = 10, .windows = 5};
    EXPECT_TRUE(fits(memory, 4));  // 400 + 200
    EXPECT_FALSE(fits(memory, 6)); // 600 + 300
    EXPECT_FALSE(fits(memory, UINT64_MAX));
}

TEST(BatchMemoryTest, BuffersCountWhereNothingHasRun)
{
    EXPECT_TRUE(fits({.left = 1000, .bytes_per_row = 10, .windows = 5}, 16));
    EXPECT_FALSE(fits({.left = 1000, .bytes_per_row = 10, .windows = 5}, 17));
}

} // namespace distinfer::app
