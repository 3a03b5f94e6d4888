#include "support/fakes.hpp"
#include "support/local_world.hpp"
#include "unit/pipeline/run_loop.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace distinfer::pipeline
{

namespace
{

constexpr std::uint64_t rows = 103;
constexpr std::uint64_t batch = 8;

/// In the first batch, at the begin and the end of batches, a whole batch, and the last row of the short one.
std::set<std::int64_t> const bad_rows{2, 8, 31, 32, 33, 40, 41, 42, 43, 44, 45, 46, 47, 80, 102};

/// Keeps what is recorded.
class Records : public Journal
{
  public:
    void record(std::span<RowRange const> ranges, std::span<BadRow const> rows_of_ranges) override
    {
        for (auto const& row : rows_of_ranges) {
            auto const holds = [&](RowRange range) { return range.begin <= row.row && row.row < range.end; };
            outside += std::ranges::any_of(ranges, holds) ? 0 : 1;
            bad.push_back(row);
        }
    }

    void note_loss(RowRange) override {}

    std::vector<BadRow> bad;
    int outside = 0; ///< bad rows that came with other rows than their own
};

struct Setting
{
    int ranks = 1;
    bool direct_read = false;
    bool direct_write = false;
    plan::Schedule schedule = plan::Schedule::dynamic;
    std::uint64_t batches_per_window = 2;
    double interval = 0;
    int lanes = 1;
};

struct Result
{
    test::MemorySink sink{rows};
    Records records;
    std::vector<Ending> endings;
};

void run(Setting const& setting, std::set<std::int64_t> const& bad, Result& result)
{
    result.endings.resize(static_cast<std::size_t>(setting.ranks));
    Job const job{.windows = {{rows, batch}, setting.batches_per_window},
                  .inputs = PayloadLayout{{{DType::int64, {}}}},
                  .outputs = test::batch_aware_outputs(),
                  .schedule = setting.schedule,
                  .slots = 3,
                  .direct_read = setting.direct_read,
                  .direct_write = setting.direct_write,
                  .commit_interval = setting.interval,
                  .skip_bad_rows = true};
    test::run_ranks(setting.ranks, [&](comm::Communicator& communicator, comm::Transport& transport) {
        test::CountingSource source{rows};
        test::NoDecoder decoder;
        test::BatchAwareModel model{bad};
        model.lane_count = setting.lanes;
        Parts const parts{.decoder = decoder,
                          .model = model,
                          .source = &source,
                          .sink = &result.sink,
                          .journal = communicator.is_root() ? &result.records : nullptr};
        result.endings[static_cast<std::size_t>(communicator.rank())] =
            test::run_loop(job, communicator, transport, parts);
    });
}

/// Every number of ranks in every mode.
std::vector<Setting> modes()
{
    std::vector<Setting> found;
    for (int const ranks : {1, 2, 3})
        for (bool const direct_read : {false, true})
            for (bool const direct_write : {false, true})
                found.push_back({.ranks = ranks, .direct_read = direct_read, .direct_write = direct_write});
    return found;
}

std::vector<Setting> settings()
{
    std::vector<Setting> found;
    for (auto const& mode : modes())
        for (auto const schedule : {plan::Schedule::dynamic, plan::Schedule::static_blocks})
            for (std::uint64_t const window : {1U, 5U})
                for (double const interval : {0.0, 1000.0})
                    for (int const lanes : {1, 3})
                        found.push_back(
                            {mode.ranks, mode.direct_read, mode.direct_write, schedule, window, interval, lanes});
    return found;
}

/// What row i must hold: the model adds the first row of the batch, whose place a bad one leaves to the first good one.
std::int64_t expected(std::uint64_t row)
{
    if (bad_rows.contains(static_cast<std::int64_t>(row))) return 0;
    auto first = static_cast<std::int64_t>(row / batch * batch);
    while (bad_rows.contains(first)) ++first;
    return static_cast<std::int64_t>(3 * row) + first;
}

} // namespace

TEST(SkipTest, TheSameRowsAreSkippedWhoeverRunsThem)
{
    std::vector<BadRow> wanted;
    for (auto const row : bad_rows)
        wanted.push_back({static_cast<std::uint64_t>(row), "the fake model fails at " + std::to_string(row)});
    for (auto const& setting : settings()) {
        SCOPED_TRACE(testing::Message() << "ranks " << setting.ranks << " direct " << setting.direct_read
                                        << setting.direct_write << " window " << setting.batches_per_window << " lanes "
                                        << setting.lanes);
        Result result;
        run(setting, bad_rows, result);
        for (auto const& ending : result.endings) ASSERT_FALSE(ending.failure);
        std::ranges::sort(result.records.bad, {}, &BadRow::row);
        EXPECT_EQ(result.records.bad, wanted) << "each is recorded once, with its reason";
        EXPECT_EQ(result.records.outside, 0) << "with its own rows";
        for (std::uint64_t row = 0; row < rows; ++row) {
            ASSERT_EQ(result.sink.times_stored[row], 1) << row;
            ASSERT_EQ(result.sink.values[row], expected(row)) << row;
            bool const bad = bad_rows.contains(static_cast<std::int64_t>(row));
            ASSERT_EQ(result.sink.batch_rows[row],
                      bad ? 0 : test::BatchAwareModel::expected_batch_rows(row, batch, rows));
        }
    }
}

TEST(SkipTest, NothingIsRecordedOfGoodRows)
{
    Result result;
    run({.ranks = 2}, {}, result);
    EXPECT_EQ(result.records.bad, std::vector<BadRow>{});
}

} // namespace distinfer::pipeline
