#include "distinfer/pipeline/bisect.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <random>
#include <set>

namespace distinfer::pipeline
{

namespace
{

struct Found
{
    std::set<std::uint64_t> rows;
    std::uint64_t trials = 0;
};

/// What is found where a batch fails exactly when one of these rows is in it.
Found search(std::uint64_t rows, std::set<std::uint64_t> const& bad)
{
    Found found;
    auto const trial = [&](RowRange tried) -> std::optional<std::string> {
        ++found.trials;
        auto const first = bad.lower_bound(tried.begin);
        if (first == bad.end() || *first >= tried.end) return std::nullopt;
        return "row " + std::to_string(*first);
    };
    std::uint64_t before = 0;
    for (auto const& [row, reason] : find_bad_rows(rows, "row 0", trial)) {
        EXPECT_EQ(reason, "row " + std::to_string(row)) << "a row's reason is that of its own trial";
        EXPECT_TRUE(found.rows.empty() || before < row) << "in order";
        before = row;
        found.rows.insert(row);
    }
    return found;
}

std::uint64_t most_trials(std::uint64_t rows, std::size_t bad)
{
    return 2 * bad * static_cast<std::uint64_t>(std::bit_width(rows - 1));
}

} // namespace

TEST(BisectTest, EverySubsetOfUpToEightRowsIsFound)
{
    for (std::uint64_t rows = 1; rows <= 8; ++rows) {
        for (unsigned subset = 1; subset < 1U << rows; ++subset) {
            std::set<std::uint64_t> bad;
            for (std::uint64_t row = 0; row < rows; ++row)
                if ((subset >> row & 1U) != 0) bad.insert(row);
            auto const found = search(rows, bad);
            ASSERT_EQ(found.rows, bad);
            ASSERT_LE(found.trials, most_trials(rows, bad.size()));
        }
    }
}

TEST(BisectTest, AFewRowsOfALargeBatchAreFoundInFewTrials)
{
    std::mt19937 random{3};
    for (std::uint64_t const rows : {64U, 1000U, 4096U}) {
        for (std::size_t count = 1; count <= 9; count += 4) {
            std::set<std::uint64_t> bad;
            while (bad.size() < count) bad.insert(random() % rows);
            auto const found = search(rows, bad);
            EXPECT_EQ(found.rows, bad);
            EXPECT_LE(found.trials, most_trials(rows, count));
        }
    }
}

TEST(BisectTest, ABatchOfOneRowIsKnownWithoutATrial)
{
    auto const found = search(1, {0});
    EXPECT_EQ(found.rows, (std::set<std::uint64_t>{0}));
    EXPECT_EQ(found.trials, 0U);
}

TEST(BisectTest, RowsThatFailTogetherOnlyAreNotFound)
{
    auto const both = [](RowRange tried) -> std::optional<std::string> {
        if (tried.begin == 0 && tried.end == 4) return "both";
        return std::nullopt;
    };
    EXPECT_EQ(find_bad_rows(4, "both", both), std::vector<BadRow>{});
}

} // namespace distinfer::pipeline
