#include "distinfer/core/narrow.hpp"

#include <gtest/gtest.h>

namespace distinfer
{

TEST(NarrowTest, KeepsValuesThatFit)
{
    EXPECT_EQ(narrow<int>(std::uint64_t{2147483647}), 2147483647);
    EXPECT_EQ(narrow<std::uint8_t>(255), 255);
}

TEST(NarrowTest, RefusesValuesThatDoNot)
{
    EXPECT_THROW(narrow<int>(std::uint64_t{2147483648}), InternalError);
    EXPECT_THROW(narrow<std::uint64_t>(-1), InternalError);
}

TEST(NarrowTest, ProductTellsOverflow)
{
    EXPECT_EQ(checked_product(1ULL << 31, 1ULL << 32), 1ULL << 63);
    EXPECT_EQ(checked_product(1ULL << 32, 1ULL << 32), std::nullopt);
    EXPECT_EQ(checked_product(0, UINT64_MAX), 0);
}

} // namespace distinfer
