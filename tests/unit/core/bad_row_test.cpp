#include "distinfer/core/bad_row.hpp"

#include <gtest/gtest.h>

namespace distinfer
{

TEST(BadRowTest, AReasonIsOneLine)
{
    EXPECT_EQ(row_reason("no such atom\nTraceback ..."), "no such atom");
    EXPECT_EQ(row_reason(""), "");
}

TEST(BadRowTest, ALongReasonIsCutBetweenCharacters)
{
    EXPECT_EQ(row_reason(std::string(5000, 'x')), std::string(longest_reason, 'x'));
    std::string const before(longest_reason - 1, 'x');
    EXPECT_EQ(row_reason(before + "\u00e9 and more"), before) << "two bytes, of which only the first would fit";
    EXPECT_EQ(row_reason(before.substr(1) + "\u00e9 and more"), before.substr(1) + "\u00e9");
}

} // namespace distinfer
