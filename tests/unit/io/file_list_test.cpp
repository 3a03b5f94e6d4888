#include "distinfer/core/error.hpp"
#include "distinfer/io/file_list.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

namespace distinfer::io
{

TEST(NaturalLessTest, NumbersCountByTheirValue)
{
    std::vector<std::string> const ordered{"a",    "a0",   "a1",    "a01b",  "a2",     "a10",
                                           "a10b", "a10c", "b1.h5", "b9.h5", "b10.h5", "b100.h5"};
    for (std::size_t i = 0; i < ordered.size(); ++i)
        for (std::size_t j = 0; j < ordered.size(); ++j)
            EXPECT_EQ(natural_less(ordered[i], ordered[j]), i < j) << ordered[i] << " " << ordered[j];
}

TEST(NaturalLessTest, NumbersOfAnyLengthAndEqualValues)
{
    EXPECT_TRUE(natural_less("x99999999999999999999998", "x99999999999999999999999"));
    EXPECT_NE(natural_less("x01", "x1"), natural_less("x1", "x01"));
    EXPECT_FALSE(natural_less("x1", "x1"));
}

class ExpandFilesTest : public testing::Test
{
  protected:
    void touch(std::string const& name) { std::ofstream{folder_ / name}; }

    std::vector<std::string> names(std::vector<std::string> const& patterns)
    {
        std::vector<std::string> full;
        for (auto const& pattern : patterns) full.push_back(folder_ / pattern);
        auto files = expand_files(full);
        for (auto& file : files) file = file.substr(folder_.path().string().size() + 1);
        return files;
    }

    test::TemporaryFolder folder_;
};

TEST_F(ExpandFilesTest, AGlobIsSortedAndListsKeepTheirOrder)
{
    for (auto const* name : {"part10.h5", "part2.h5", "part1.h5", "other.h5"}) touch(name);
    EXPECT_EQ(names({"part*.h5"}), (std::vector<std::string>{"part1.h5", "part2.h5", "part10.h5"}));
    EXPECT_EQ(names({"other.h5", "part?.h5"}), (std::vector<std::string>{"other.h5", "part1.h5", "part2.h5"}));
}

TEST_F(ExpandFilesTest, AFileThatIsThereAsItIsWrittenIsNoGlob)
{
    touch("run[1].h5");
    EXPECT_EQ(names({"run[1].h5"}), std::vector<std::string>{"run[1].h5"});
}

TEST_F(ExpandFilesTest, APlainPathNeedNotBeThereAndAGlobMustMatch)
{
    EXPECT_EQ(names({"missing.h5"}), std::vector<std::string>{"missing.h5"});
    EXPECT_THROW(names({"missing*.h5"}), InputError);
}

} // namespace distinfer::io
