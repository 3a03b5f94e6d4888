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

} // namespace distinfer::plan
