#include "distinfer/device/core_list.hpp"

#include <gtest/gtest.h>

namespace distinfer::device
{

TEST(CoreListTest, ReadsWhatLinuxWrites)
{
    EXPECT_EQ(parse_core_list("0"), std::vector<int>{0});
    EXPECT_EQ(parse_core_list("0-3,8,10-11\n"), (std::vector<int>{0, 1, 2, 3, 8, 10, 11}));
    EXPECT_TRUE(parse_core_list("").empty());
}

TEST(CoreListTest, WhatIsNoListEndsIt)
{
    EXPECT_EQ(parse_core_list("1,x"), std::vector<int>{1});
    EXPECT_TRUE(parse_core_list("-3").empty());
    EXPECT_TRUE(parse_core_list("5-").empty());
    EXPECT_TRUE(parse_core_list("0-4000000000").empty());
}

TEST(CoreListTest, WritesRuns)
{
    EXPECT_EQ(core_list({}), "");
    EXPECT_EQ(core_list({4}), "4");
    EXPECT_EQ(core_list({0, 1, 2, 3, 8, 10, 11}), "0-3,8,10-11");
    EXPECT_EQ(parse_core_list(core_list({0, 2, 4, 5})), (std::vector<int>{0, 2, 4, 5}));
}

} // namespace distinfer::device
