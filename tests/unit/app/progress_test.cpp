#include "distinfer/app/progress.hpp"

#include <gtest/gtest.h>

namespace distinfer::app
{

TEST(ProgressTest, TextTellsShareRateAndTimeLeft)
{
    EXPECT_EQ(progress_text(250, 1000, 5, false), "25 % 250/1000 rows, 50 rows/s, 15 s left");
    EXPECT_EQ(progress_text(500, 1000, 5, true),
              "[###############...............] 50 % 500/1000 rows, 100 rows/s, 5 s left");
}

TEST(ProgressTest, NothingIsLeftAtTheEndAndNoRowsAreDone)
{
    EXPECT_EQ(progress_text(1000, 1000, 10, false), "100 % 1000/1000 rows, 100 rows/s");
    EXPECT_EQ(progress_text(0, 0, 0, false), "100 % 0/0 rows, 0 rows/s");
}

TEST(ProgressTest, CountsRowsInEveryStyle)
{
    for (auto const style : {Progress::Style::off, Progress::Style::lines}) {
        Progress progress{style, 10};
        progress.add(4);
        progress.add(6);
        EXPECT_EQ(progress.rows_done(), 10U);
    }
}

TEST(ProgressTest, OffIsOff)
{
    EXPECT_EQ(progress_style(false), Progress::Style::off);
}

} // namespace distinfer::app
