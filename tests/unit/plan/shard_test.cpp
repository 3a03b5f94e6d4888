#include "distinfer/plan/shard.hpp"

#include <gtest/gtest.h>

namespace distinfer::plan
{

TEST(StaticShardTest, BlocksAreContiguousAndEvenForEveryCorner)
{
    for (auto const windows : std::initializer_list<std::uint64_t>{0, 1, 2, 3, 7, 100}) {
        for (int ranks : {1, 2, 3, 5, 8}) {
            std::uint64_t next = 0;
            for (int rank = 0; rank < ranks; ++rank) {
                Shard const shard = static_shard(windows, rank, ranks);
                EXPECT_EQ(shard.first, next);
                EXPECT_LE(shard.size(), static_shard(windows, 0, ranks).size());
                EXPECT_LE(static_shard(windows, 0, ranks).size(), shard.size() + 1);
                next = shard.last;
            }
            EXPECT_EQ(next, windows);
        }
    }
}

} // namespace distinfer::plan
