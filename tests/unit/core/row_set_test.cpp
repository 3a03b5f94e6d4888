#include "distinfer/core/error.hpp"
#include "distinfer/core/row_set.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace distinfer
{

namespace
{

using Ranges = std::vector<RowRange>;

/// What RowSet says, row by row.
class Rows
{
  public:
    explicit Rows(std::uint64_t total) : held_(total) {}

    void add(RowRange rows)
    {
        for (auto row = rows.begin; row < rows.end; ++row) held_[row] = true;
    }

    void remove(RowRange rows)
    {
        for (auto row = rows.begin; row < rows.end; ++row) held_[row] = false;
    }

    bool contains(RowRange rows) const
    {
        auto all = true;
        for (auto row = rows.begin; row < rows.end; ++row) all = all && held_[row];
        return all;
    }

    std::uint64_t size() const { return static_cast<std::uint64_t>(std::ranges::count(held_, true)); }

    /// The longest ranges of the first rows that are held, or that are not.
    Ranges ranges(bool held, std::uint64_t total) const
    {
        Ranges ranges;
        for (std::uint64_t row = 0; row < total; ++row) {
            if (held_[row] != held) continue;
            if (ranges.empty() || ranges.back().end != row) ranges.push_back({row, row});
            ranges.back().end = row + 1;
        }
        return ranges;
    }

  private:
    std::vector<bool> held_;
};

} // namespace

TEST(RowSetTest, AnEmptyOneLacksEverything)
{
    RowSet const rows;
    EXPECT_EQ(rows.size(), 0U);
    EXPECT_EQ(rows.missing(7), (Ranges{{0, 7}}));
    EXPECT_EQ(rows.missing(0), Ranges{});
    EXPECT_TRUE(rows.contains({3, 3}));
    EXPECT_FALSE(rows.contains({3, 4}));
}

TEST(RowSetTest, RangesThatTouchAreOne)
{
    RowSet rows;
    rows.add({4, 6});
    rows.add({8, 10});
    rows.add({5, 5});
    rows.add({6, 8});
    EXPECT_EQ(rows.ranges(), (Ranges{{4, 10}}));
    EXPECT_EQ(rows.size(), 6U);
    EXPECT_TRUE(rows.contains({4, 10}));
    EXPECT_EQ(rows.missing(12), (Ranges{{0, 4}, {10, 12}}));
    EXPECT_EQ(rows.missing(7), (Ranges{{0, 4}}));
}

TEST(RowSetTest, TheLastRowThatCanBeCounted)
{
    RowSet rows;
    rows.add({UINT64_MAX - 1, UINT64_MAX});
    rows.add({0, UINT64_MAX - 2});
    EXPECT_EQ(rows.size(), UINT64_MAX - 1);
    EXPECT_EQ(rows.missing(UINT64_MAX), (Ranges{{UINT64_MAX - 2, UINT64_MAX - 1}}));
}

TEST(RowSetTest, ARangeThatRunsBackwardsIsABug)
{
    EXPECT_THROW(RowSet{}.add({2, 1}), InternalError);
    EXPECT_THROW(RowSet{}.remove({2, 1}), InternalError);
}

TEST(RowSetTest, IsTheSetOfTheRowsThatWereAddedAndNotRemoved)
{
    constexpr std::uint64_t total = 60;
    std::mt19937 random{1};
    auto const range = [&](std::uint64_t longest) {
        auto const begin = random() % (total + 1);
        return RowRange{begin, std::min(total, begin + random() % (longest + 1))};
    };
    for (auto trial = 0; trial < 300; ++trial) {
        RowSet rows;
        Rows model{total};
        for (auto i = 0; i < 40; ++i) {
            auto const added = range(1 + static_cast<std::uint64_t>(trial) % 9);
            rows.add(added);
            model.add(added);
            auto const removed = range(4);
            rows.remove(removed);
            model.remove(removed);
            auto const asked = range(6);
            auto const end = random() % (total + 1);
            ASSERT_EQ(rows.size(), model.size());
            ASSERT_EQ(rows.contains(asked), model.contains(asked)) << to_string(asked);
            ASSERT_EQ(rows.ranges(), model.ranges(true, total));
            ASSERT_EQ(rows.missing(end), model.ranges(false, end));
        }
    }
}

} // namespace distinfer
