#include "support/fakes.hpp"
#include "support/local_world.hpp"
#include "unit/pipeline/run_loop.hpp"

#include <gtest/gtest.h>

#include <memory>
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
    int lanes = 1;
    plan::Schedule schedule = plan::Schedule::dynamic;
    bool direct_read = false;
    bool direct_write = false;
    bool inverted = false; ///< windows have to be decoded
    int decode_threads = 1;
    std::optional<std::uint64_t> bad_fetch, bad_decode, bad_store;
    std::optional<std::int64_t> bad_infer;
};

struct Result
{
    test::MemorySink sink;
    std::vector<Ending> endings;
    std::uint64_t progress = 0;
};

std::unique_ptr<Source> source_of(Case const& setup)
{
    if (setup.inverted) return std::make_unique<test::InvertingSource>(setup.rows, setup.bad_fetch);
    return std::make_unique<test::CountingSource>(setup.rows, setup.bad_fetch);
}

std::unique_ptr<Decoder> decoder_of(Case const& setup)
{
    if (setup.inverted) return std::make_unique<test::InvertingDecoder>(setup.bad_decode);
    return std::make_unique<test::NoDecoder>();
}

Result run(Case const& setup)
{
    Result result{.sink = test::MemorySink{setup.rows, setup.bad_store}, .endings = {}};
    result.endings.resize(static_cast<std::size_t>(setup.ranks));
    Job const job{.windows = {{setup.rows, setup.batch}, setup.batches_per_window},
                  .inputs = PayloadLayout{{{DType::int64, {}}}},
                  .outputs = test::batch_aware_outputs(),
                  .schedule = setup.schedule,
                  .slots = setup.slots,
                  .direct_read = setup.direct_read,
                  .direct_write = setup.direct_write};
    test::run_ranks(setup.ranks, [&](comm::Communicator& communicator, comm::Transport& transport) {
        auto const source = source_of(setup);
        auto const decoder = decoder_of(setup);
        test::BatchAwareModel model{setup.bad_infer};
        model.lane_count = setup.lanes;
        Parts const parts{*decoder, model, source.get(), &result.sink, setup.decode_threads};
        auto const progress = [&](std::uint64_t rows) { result.progress += rows; };
        result.endings[static_cast<std::size_t>(communicator.rank())] =
            test::run_loop(job, communicator, transport, parts, progress);
    });
    return result;
}

/// Every mode: who reads, who writes, and whether windows are decoded.
std::vector<Case> in_every_mode(Case const& setup)
{
    std::vector<Case> cases;
    for (bool const direct_read : {false, true})
        for (bool const direct_write : {false, true})
            for (bool const inverted : {false, true}) {
                auto& added = cases.emplace_back(setup);
                added.direct_read = direct_read;
                added.direct_write = direct_write;
                added.inverted = inverted;
            }
    return cases;
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

void expect_one_failure_for_all(Case const& given, Failure const& expected)
{
    for (auto const& setup : in_every_mode(given)) {
        auto const result = run(setup);
        for (auto const& ending : result.endings) EXPECT_EQ(ending.failure, expected);
        for (int const times : result.sink.times_stored) EXPECT_LE(times, 1);
    }
}

} // namespace

TEST(LoopsTest, EveryRowOnceInItsPlaceForEveryCorner)
{
    for (auto const rows : std::initializer_list<std::uint64_t>{0, 1, 2, 7, 100})
        for (auto const batch : std::initializer_list<std::uint64_t>{1, 7, 64})
            for (int const ranks : {1, 2, 3, 5})
                for (auto const schedule : {plan::Schedule::dynamic, plan::Schedule::static_blocks}) {
                    Case const corner{.rows = rows, .batch = batch, .ranks = ranks, .schedule = schedule};
                    for (auto const& setup : in_every_mode(corner)) expect_every_row_once(setup, run(setup));
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
                         .lanes = draw(1, 4),
                         .schedule = draw(0, 1) ? plan::Schedule::dynamic : plan::Schedule::static_blocks};
        SCOPED_TRACE(testing::Message() << "rows " << setup.rows << " batch " << setup.batch << " ranks " << setup.ranks
                                        << " slots " << setup.slots << " lanes " << setup.lanes);
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

TEST(LoopsTest, AWindowThatCannotBeDecodedEndsEveryRankAlike)
{
    for (int const ranks : {1, 2, 4}) {
        Case const setup{.ranks = ranks, .inverted = true, .bad_decode = 50};
        auto const result = run(setup);
        for (auto const& ending : result.endings)
            EXPECT_EQ(ending.failure, (Failure{ExitCode::input, "cannot decode row 50"}));
    }
}

TEST(LoopsTest, ABatchThatFailsOnAnyRankEndsEveryRankAlike)
{
    for (std::int64_t const row : {0, 8, 16, 99})
        expect_one_failure_for_all({.lanes = row == 8 ? 2 : 1, .bad_infer = row},
                                   {ExitCode::model, "the model failed on rows " + std::to_string(row / 4 * 4) +
                                                         " to " + std::to_string(row / 4 * 4 + 3) +
                                                         " (the fake model fails at " + std::to_string(row) +
                                                         "); run.on_bad_row: skip goes on without such rows"});
}

TEST(LoopsTest, ARowThatCannotBeStoredEndsEveryRankAlike)
{
    for (int const ranks : {1, 2, 4})
        expect_one_failure_for_all({.ranks = ranks, .bad_store = 3}, {ExitCode::output, "cannot write row 3"});
}

} // namespace distinfer::pipeline
