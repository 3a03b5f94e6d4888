#include "distinfer/plan/window_plan.hpp"

#include <gtest/gtest.h>

#include <random>

namespace distinfer::plan
{

TEST(WindowPlanTest, WindowsAreWholeBatchesAndCoverEveryRowOnce)
{
    for (auto const rows : std::initializer_list<std::uint64_t>{0, 1, 7, 63, 64, 65, 1000, 10007}) {
        for (auto const per_window : std::initializer_list<std::uint64_t>{1, 2, 5, 1000}) {
            WindowPlan const plan{{rows, 7}, per_window};
            std::uint64_t next = 0;
            for (std::uint64_t w = 0; w < plan.windows(); ++w) {
                EXPECT_EQ(plan.window(w).begin, next);
                EXPECT_EQ(plan.window(w).begin % 7, 0U);
                EXPECT_LE(plan.window(w).size(), plan.largest_window_rows());
                next = plan.window(w).end;
            }
            EXPECT_EQ(next, rows);
        }
    }
}

TEST(WindowPlanTest, BatchesOfAWindowAreThoseOfTheGrid)
{
    WindowPlan const plan{{100, 8}, 3};
    std::uint64_t k = 0;
    for (std::uint64_t w = 0; w < plan.windows(); ++w)
        for (RowRange const batch : plan.batches(w)) EXPECT_EQ(batch, plan.grid().batch(k++));
    EXPECT_EQ(k, plan.grid().batches());
}

TEST(WindowPlanTest, WindowsOfWhatIsLeftCoverItOnceAndEndWhereTheyWould)
{
    std::mt19937 random{5};
    auto const draw = [&](std::uint64_t from, std::uint64_t to) {
        return std::uniform_int_distribution{from, to}(random);
    };
    for (int round = 0; round < 300; ++round) {
        BatchGrid const grid{draw(0, 500), draw(1, 9)};
        std::vector<RowRange> left;
        for (auto batch = draw(0, 5); batch < grid.batches(); batch += draw(1, 20)) {
            auto const last = std::min(batch + draw(0, 12), grid.batches() - 1);
            left.push_back({grid.batch(batch).begin, grid.batch(last).end});
            batch = last + 1;
        }
        auto const per_window = draw(1, 7);
        WindowPlan const plan{grid, per_window, left};
        std::vector<RowRange> covered;
        for (std::uint64_t w = 0; w < plan.windows(); ++w) {
            auto const rows = plan.window(w);
            EXPECT_FALSE(rows.empty());
            EXPECT_LE(rows.size(), plan.largest_window_rows());
            EXPECT_EQ(rows.begin / grid.batch_rows() / per_window, (rows.end - 1) / grid.batch_rows() / per_window);
            if (!covered.empty() && covered.back().end == rows.begin)
                covered.back().end = rows.end;
            else
                covered.push_back(rows);
        }
        EXPECT_EQ(covered, left);
    }
}

TEST(WindowPlanTest, AWindowMayAimAtMoreThanThereIs)
{
    WindowPlan const plan{{10, 3}, UINT64_MAX};
    EXPECT_EQ(plan.windows(), 1U);
    EXPECT_EQ(plan.window(0), (RowRange{0, 10}));
    EXPECT_EQ((WindowPlan{{10, 3}, 2, {}}.windows()), 0U);
    EXPECT_EQ((WindowPlan{{10, 3}, 2, {}}.largest_window_rows()), 0U);
}

TEST(PlanWindowsTest, AimsAtTheBytes)
{
    auto const plan = plan_windows({1'000'000, 64}, {.window_bytes = 1 << 20, .row_bytes = 1024, .ranks = 2});
    EXPECT_EQ(plan.batches_per_window(), 16U);
}

TEST(PlanWindowsTest, WindowsEndWithAChunkWhereThatMakesThemNoLarger)
{
    WindowAim aim{.window_bytes = 1 << 20, .row_bytes = 1024, .chunk_rows = 320};
    EXPECT_EQ(plan_windows({1'000'000, 64}, aim).batches_per_window(), 15U);
    aim.chunk_rows = 96;
    EXPECT_EQ(plan_windows({1'000'000, 64}, aim).batches_per_window(), 15U);
    aim.chunk_rows = 5000;
    EXPECT_EQ(plan_windows({1'000'000, 64}, aim).batches_per_window(), 16U);
}

TEST(PlanWindowsTest, AChunkThatIsALittleLargerMakesTheWindow)
{
    WindowAim aim{.window_bytes = 1 << 20, .row_bytes = 1024, .chunk_rows = 2048};
    EXPECT_EQ(plan_windows({1'000'000, 64}, aim).batches_per_window(), 32U);
    aim.ranks = 1000; // and 488 chunks: some ranks would get nothing
    EXPECT_EQ(plan_windows({1'000'000, 64}, aim).batches_per_window(), 1U);
}

TEST(PlanWindowsTest, WindowsEndWithAPageOfTheOutputWhereTheyAreLargeEnough)
{
    WindowAim aim{.window_bytes = 1 << 20, .row_bytes = 1024, .page_rows = rows_in_whole_pages({40})};
    EXPECT_EQ(aim.page_rows, 512U);
    EXPECT_EQ(plan_windows({1'000'000, 100}, aim).batches_per_window(), 10U) << "128 batches make a page";
    EXPECT_EQ(plan_windows({1'000'000, 48}, aim).batches_per_window(), 21U) << "32 batches do";
    aim.window_bytes *= 2;
    EXPECT_EQ(plan_windows({1'000'000, 48}, aim).batches_per_window(), 32U);
    aim.chunk_rows = 96;
    EXPECT_EQ(plan_windows({1'000'000, 48}, aim).batches_per_window(), 32U) << "two batches make a chunk";
    aim.chunk_rows = 144;
    EXPECT_EQ(plan_windows({1'000'000, 48}, aim).batches_per_window(), 42U) << "three do, and they come first";
}

TEST(PlanWindowsTest, PagesOfSeveralDatasets)
{
    EXPECT_EQ(rows_in_whole_pages({4096}), 1U);
    EXPECT_EQ(rows_in_whole_pages({8192, 4, 40}), 1024U);
    EXPECT_EQ(rows_in_whole_pages({1}), 4096U);
    EXPECT_EQ(rows_in_whole_pages({0}), 1U);
    EXPECT_EQ(rows_in_whole_pages({}), 1U);
}

TEST(PlanWindowsTest, ABatchLargerThanTheAimIsAWindow)
{
    EXPECT_EQ(plan_windows({1000, 64}, {.window_bytes = 10, .row_bytes = 1 << 20}).batches_per_window(), 1U);
    EXPECT_EQ(plan_windows({1000, 64}, {.window_bytes = 10, .row_bytes = UINT64_MAX}).batches_per_window(), 1U);
}

TEST(PlanWindowsTest, SmallJobsAreStillShared)
{
    auto const plan = plan_windows({10'000, 64}, {.window_bytes = 64 << 20, .row_bytes = 784, .ranks = 2});
    EXPECT_GE(plan.windows(), 2U * 16U);
}

TEST(PlanWindowsTest, NoRowsAndNoBytes)
{
    EXPECT_EQ(plan_windows({0, 64}, {.window_bytes = 1 << 20, .row_bytes = 8}).windows(), 0U);
    EXPECT_EQ(plan_windows({3, 64}, {.window_bytes = 1 << 20, .row_bytes = 0}).windows(), 1U);
}

} // namespace distinfer::plan
