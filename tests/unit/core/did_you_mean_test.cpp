#include "distinfer/core/did_you_mean.hpp"

#include <gtest/gtest.h>

#include <array>

namespace distinfer
{

namespace
{

constexpr std::array<std::string_view, 3> words{"batch", "window", "schedule"};

}

TEST(DidYouMeanTest, FindsAMistypedWord)
{
    EXPECT_EQ(nearest("bacth", words), "batch");
    EXPECT_EQ(nearest("Window", words), "window");
    EXPECT_EQ(nearest("shedule", words), "schedule");
}

TEST(DidYouMeanTest, ListsAllWhereNothingIsNear)
{
    EXPECT_EQ(nearest("transport", words), "");
    EXPECT_EQ(did_you_mean("transport", words), "known: batch, window, schedule");
}

} // namespace distinfer
