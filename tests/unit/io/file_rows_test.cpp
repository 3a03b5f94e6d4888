#include "distinfer/core/error.hpp"
#include "distinfer/io/file_rows.hpp"

#include <gtest/gtest.h>

namespace distinfer::io
{

TEST(FileRowsTest, EveryRangeIsCutIntoItsFiles)
{
    std::vector<std::uint64_t> const rows{3, 0, 1, 5, 0, 2};
    FileRows const files{rows};
    ASSERT_EQ(files.rows(), 11U);
    std::vector<std::pair<std::size_t, std::uint64_t>> all; // file and row of each row
    for (std::size_t file = 0; file < rows.size(); ++file)
        for (std::uint64_t row = 0; row < rows[file]; ++row) all.emplace_back(file, row);
    for (std::uint64_t begin = 0; begin <= 11; ++begin) {
        for (std::uint64_t end = begin; end <= 11; ++end) {
            std::uint64_t next = begin;
            for (auto const& part : files.cut({begin, end})) {
                EXPECT_EQ(part.first, next - begin);
                EXPECT_FALSE(part.rows.empty());
                for (auto row = part.rows.begin; row < part.rows.end; ++row)
                    EXPECT_EQ(all[next++], std::make_pair(part.file, row));
            }
            EXPECT_EQ(next, end);
        }
    }
}

TEST(FileRowsTest, NoFilesAndNoRows)
{
    EXPECT_EQ(FileRows(std::vector<std::uint64_t>{}).rows(), 0U);
    EXPECT_TRUE(FileRows(std::vector<std::uint64_t>{}).cut({0, 0}).empty());
    EXPECT_TRUE(FileRows(std::vector<std::uint64_t>{0, 0}).cut({0, 0}).empty());
    EXPECT_THROW(FileRows(std::vector<std::uint64_t>{5}).cut({0, 6}), InternalError);
}

TEST(FileRowsTest, RowsAreNamedByFileAndDataset)
{
    FileFacts const a{.rows = 10, .names = {"/x in a.h5", "/y in a.h5"}};
    FileFacts const none{.rows = 0, .names = {"/x in none.h5", "/y in none.h5"}};
    FileFacts const b{.rows = 4, .names = {"/x in b.h5", "/y in b.h5"}};
    EXPECT_EQ(name_rows({a}, {8, 10}), "rows 8 to 9 of /x in a.h5 and /y in a.h5");
    EXPECT_EQ(name_rows({a, none, b}, {8, 12}), "rows 8 to 11: rows 8 to 9 of /x in a.h5 and /y in a.h5, rows 0 to 1 "
                                                "of /x in b.h5 and /y in b.h5");
    EXPECT_EQ(name_rows({a, none, b}, {13, 14}), "row 13: row 3 of /x in b.h5 and /y in b.h5");
}

} // namespace distinfer::io
