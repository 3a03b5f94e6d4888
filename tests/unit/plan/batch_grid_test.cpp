#include "distinfer/core/error.hpp"
#include "distinfer/plan/batch_grid.hpp"

#include <gtest/gtest.h>

namespace distinfer::plan
{

TEST(BatchGridTest, LastBatchMayBeShorter)
{
    BatchGrid const grid{10, 4};
    ASSERT_EQ(grid.batches(), 3U);
    EXPECT_EQ(grid.batch(0), (RowRange{0, 4}));
    EXPECT_EQ(grid.batch(2), (RowRange{8, 10}));
}

TEST(BatchGridTest, CoversEveryRowOnce)
{
    for (auto const rows : std::initializer_list<std::uint64_t>{0, 1, 2, 7, 64, 65, 1000}) {
        for (auto const batch : std::initializer_list<std::uint64_t>{1, 7, 64}) {
            BatchGrid const grid{rows, batch};
            std::uint64_t next = 0;
            for (std::uint64_t k = 0; k < grid.batches(); ++k) {
                EXPECT_EQ(grid.batch(k).begin, next);
                EXPECT_GT(grid.batch(k).size(), 0U);
                next = grid.batch(k).end;
            }
            EXPECT_EQ(next, rows);
        }
    }
}

TEST(BatchGridTest, HugeDatasetsDoNotOverflow)
{
    BatchGrid const grid{UINT64_MAX, 1ULL << 40};
    EXPECT_EQ(grid.batch(grid.batches() - 1).end, UINT64_MAX);
}

TEST(BatchGridTest, RefusesAnEmptyBatchAndABatchBeyondTheEnd)
{
    EXPECT_THROW(BatchGrid(10, 0), InternalError);
    EXPECT_THROW(BatchGrid(10, 4).batch(3), InternalError);
}

TEST(BatchGridTest, RowsAreRunInTheirWholeBatches)
{
    BatchGrid const grid{22, 5};
    using Ranges = std::vector<RowRange>;
    EXPECT_EQ(whole_batches(grid, {}), Ranges{});
    EXPECT_EQ(whole_batches(grid, {{3, 3}}), Ranges{});
    EXPECT_EQ(whole_batches(grid, {{7, 8}}), (Ranges{{5, 10}}));
    EXPECT_EQ(whole_batches(grid, {{4, 6}}), (Ranges{{0, 10}}));
    EXPECT_EQ(whole_batches(grid, {{21, 22}}), (Ranges{{20, 22}})) << "the last batch is short";
    EXPECT_EQ(whole_batches(grid, {{0, 1}, {3, 4}, {16, 17}}), (Ranges{{0, 5}, {15, 20}})) << "two rows of one batch";
    EXPECT_EQ(whole_batches(grid, {{0, 1}, {5, 6}, {19, 21}}), (Ranges{{0, 10}, {15, 22}})) << "batches that touch";
    EXPECT_EQ(whole_batches(grid, {{0, 22}}), (Ranges{{0, 22}}));
}

} // namespace distinfer::plan
