#include "distinfer/pipeline/rank_loop.hpp"
#include "distinfer/pipeline/root_loop.hpp"
#include "support/fakes.hpp"
#include "support/local_world.hpp"

#include <gtest/gtest.h>

#include <random>

namespace distinfer::pipeline
{

namespace
{

struct Case
{
    std::uint64_t rows = 100;
    std::uint64_t batch = 4;
    std::uint64_t batches_per_window = 2;
    int ranks = 3;
    int slots = 2;
    plan::Schedule schedule = plan::Schedule::dynamic;
    std::optional<std::uint64_t> bad_fetch, bad_store;
    std::optional<std::int64_t> bad_infer;
};

struct Result
{
    test::MemorySink sink;
    std::vector<Ending> endings;
    std::uint64_t progress = 0;
};

Result run(Case const& setup)
{
    Result result{.sink = test::MemorySink{setup.rows, setup.bad_store}, .endings = {}};
    result.endings.resize(static_cast<std::size_t>(setup.ranks));
    test::CountingSource source{setup.rows, setup.bad_fetch};
    Job const job{.windows = {{setup.rows, setup.batch}, setup.batches_per_window},
                  .inputs = source.layout(),
                  .outputs = test::batch_aware_outputs(),
                  .schedule = setup.schedule,
                  .slots = setup.slots};
    test::run_ranks(setup.ranks, [&](comm::Communicator& communicator, comm::Transport& transport) {
        test::BatchAwareModel model{setup.bad_infer};
        auto& ending = result.endings[static_cast<std::size_t>(communicator.rank())];
        if (communicator.is_root())
            ending = RootLoop{job,
                              communicator,
                              transport,
                              source,
                              model,
                              result.sink,
                              [&](std::uint64_t rows) { result.progress += rows; }}
                         .run();
        else
            ending = RankLoop{job, communicator, transport, model}.run();
    });
    return result;
}

void expect_every_row_once(Case const& setup, Result const& result)
{
    for (auto const& ending : result.endings) EXPECT_FALSE(ending.failure);
    EXPECT_EQ(result.progress, setup.rows);
    for (std::uint64_t row = 0; row < setup.rows; ++row) {
        ASSERT_EQ(result.sink.times_stored[row], 1) << "row " << row;
        ASSERT_EQ(result.sink.values[row], test::BatchAwareModel::expected(row, setup.batch)) << "row " << row;
        ASSERT_EQ(result.sink.batch_rows[row],
                  test::BatchAwareModel::expected_batch_rows(row, setup.batch, setup.rows));
    }
}

void expect_one_failure_for_all(Case const& setup, Failure const& expected)
{
    auto const result = run(setup);
    for (auto const& ending : result.endings) EXPECT_EQ(ending.failure, expected);
    for (int const times : result.sink.times_stored) EXPECT_LE(times, 1);
}

} // namespace

TEST(LoopsTest, EveryRowOnceInItsPlaceForEveryCorner)
{
    for (auto const rows : std::initializer_list<std::uint64_t>{0, 1, 2, 7, 100})
        for (auto const batch : std::initializer_list<std::uint64_t>{1, 7, 64})
            for (int const ranks : {1, 2, 3, 5})
                for (auto const schedule : {plan::Schedule::dynamic, plan::Schedule::static_blocks}) {
                    Case const setup{.rows = rows, .batch = batch, .ranks = ranks, .schedule = schedule};
                    expect_every_row_once(setup, run(setup));
                }
}

TEST(LoopsTest, EveryRowOnceInItsPlaceForDrawnJobs)
{
    std::mt19937 random{2026};
    auto const draw = [&](int from, int to) { return std::uniform_int_distribution{from, to}(random); };
    for (int round = 0; round < 150; ++round) {
        Case const setup{.rows = static_cast<std::uint64_t>(draw(0, 300)),
                         .batch = static_cast<std::uint64_t>(draw(1, 70)),
                         .batches_per_window = static_cast<std::uint64_t>(draw(1, 6)),
                         .ranks = draw(1, 6),
                         .slots = draw(1, 4),
                         .schedule = draw(0, 1) ? plan::Schedule::dynamic : plan::Schedule::static_blocks};
        SCOPED_TRACE(testing::Message() << "rows " << setup.rows << " batch " << setup.batch << " ranks " << setup.ranks
                                        << " slots " << setup.slots);
        expect_every_row_once(setup, run(setup));
    }
}

/// A published mpi4py and h5py script gives rank r its block and the remainder row P*(N//P)+r, and concatenates the
/// outputs by rank: for N = 10 and P = 4 they come back as 0 1 8 2 3 9 4 5 6 7, silently.
TEST(LoopsTest, RemainderRowsStayInTheirPlace)
{
    for (auto const schedule : {plan::Schedule::dynamic, plan::Schedule::static_blocks}) {
        Case const setup{.rows = 10, .batch = 1, .batches_per_window = 1, .ranks = 4, .schedule = schedule};
        auto const result = run(setup);
        // With batches of one row, row x becomes 3x + x.
        EXPECT_EQ(result.sink.values, (std::vector<std::int64_t>{0, 4, 8, 12, 16, 20, 24, 28, 32, 36}));
    }
}

TEST(LoopsTest, ARowThatCannotBeReadEndsEveryRankAlike)
{
    for (int const ranks : {1, 2, 4})
        expect_one_failure_for_all({.ranks = ranks, .bad_fetch = 50}, {ExitCode::input, "cannot read row 50"});
}

TEST(LoopsTest, ABatchThatFailsOnAnyRankEndsEveryRankAlike)
{
    for (std::int64_t const row : {0, 8, 16, 99})
        expect_one_failure_for_all({.bad_infer = row},
                                   {ExitCode::model, "the model failed on rows " + std::to_string(row / 4 * 4) +
                                                         " to " + std::to_string(row / 4 * 4 + 3) +
                                                         " (the fake model fails at " + std::to_string(row) + ")"});
}

TEST(LoopsTest, ARowThatCannotBeStoredEndsEveryRankAlike)
{
    for (int const ranks : {1, 2, 4})
        expect_one_failure_for_all({.ranks = ranks, .bad_store = 3}, {ExitCode::output, "cannot write row 3"});
}

} // namespace distinfer::pipeline
