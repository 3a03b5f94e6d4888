#include "distinfer/core/error.hpp"
#include "sample.hpp"

#include <gtest/gtest.h>

namespace distinfer::ledger
{

namespace
{

using Ranges = std::vector<RowRange>;
using Bad = std::map<std::uint64_t, std::string>;

Rows rows_after(std::vector<Record> const& records)
{
    return rows_in(records);
}

} // namespace

TEST(LedgerRowsTest, BadRowsAreDoneAndListed)
{
    auto const rows = rows_after({Done{{0, 3}}, BadRow{3, "why"}, Done{{4, 8}}, Attempt{"x"}, Lost{{20, 30}}});
    EXPECT_EQ(rows.done.ranges(), (Ranges{{0, 8}}));
    EXPECT_EQ(rows.bad, (Bad{{3, "why"}}));
}

TEST(LedgerRowsTest, TheLastRecordOfARowCounts)
{
    EXPECT_EQ(rows_after({BadRow{3, "why"}, Done{{0, 8}}}).bad, Bad{}) << "a row that was run again and is good";
    EXPECT_EQ(rows_after({Done{{0, 8}}, BadRow{3, "why"}}).bad, (Bad{{3, "why"}}));
    EXPECT_EQ(rows_after({BadRow{3, "why"}, BadRow{3, "else"}}).bad, (Bad{{3, "else"}}));
    EXPECT_EQ(rows_after({BadRow{3, "why"}, Done{{4, 8}}, Done{{0, 3}}}).bad, (Bad{{3, "why"}}));
}

TEST(LedgerRowsTest, BadRowsThatAreToBeRunAgainAreNotDone)
{
    std::vector<Record> records{Done{{0, 8}}, BadRow{3, "why"}, BadRow{5, "why"}, Done{{5, 6}}, Retry{}};
    EXPECT_EQ(rows_after(records).done.ranges(), (Ranges{{0, 3}, {4, 8}}));
    EXPECT_EQ(rows_after(records).bad, Bad{});
    records.emplace_back(BadRow{3, "still"});
    EXPECT_EQ(rows_after(records).done.ranges(), (Ranges{{0, 8}}));
    EXPECT_EQ(rows_after(records).bad, (Bad{{3, "still"}}));
}

TEST(LedgerRowsTest, ARowThatNoDatasetHasIsNoMatter)
{
    EXPECT_EQ(rows_after({BadRow{UINT64_MAX, "why"}}), Rows{});
}

TEST(LedgerRowsTest, RecordsOfRowsSayWhichAreBad)
{
    std::vector<RowRange> const rows{{0, 4}, {8, 12}};
    std::vector<BadRow> const bad{{0, "a"}, {2, "b"}, {11, "c"}};
    auto const records = records_of(rows, bad);
    EXPECT_EQ(records, (std::vector<Record>{BadRow{0, "a"}, Done{{1, 2}}, BadRow{2, "b"}, Done{{3, 4}}, Done{{8, 11}},
                                            BadRow{11, "c"}}));
    EXPECT_EQ(rows_after(records).done.ranges(), rows);
    EXPECT_EQ(records_of(rows, {}), (std::vector<Record>{Done{{0, 4}}, Done{{8, 12}}}));
    EXPECT_THROW(records_of(rows, std::vector<BadRow>{{5, "outside"}}), InternalError);
}

/// Whatever of an append is lost with the power, no bad row passes for a good one.
TEST(LedgerRowsTest, ATornEndMakesNoBadRowGood)
{
    std::vector<BadRow> const bad{{1, "a"}, {5, "b"}};
    auto const records = records_of(std::vector<RowRange>{{0, 8}}, bad);
    for (std::size_t kept = 0; kept <= records.size(); ++kept) {
        auto const rows = rows_in(std::span{records}.first(kept));
        for (auto const& [row, reason] : bad)
            EXPECT_EQ(rows.done.contains({row, row + 1}), rows.bad.contains(row)) << "row " << row << " of " << kept;
    }
}

} // namespace distinfer::ledger
