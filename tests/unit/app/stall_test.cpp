#include "distinfer/app/stall.hpp"

#include <gtest/gtest.h>

namespace distinfer::app
{

namespace
{

report::RunReport two_ranks()
{
    report::RunReport report{.rows = 100, .rows_stored = 40};
    report.ranks = {{.rank = 0, .host = "alpha"}, {.rank = 1, .host = "beta"}};
    return report;
}

} // namespace

TEST(StallMessageTest, NamesRankHostRowsStageAndTime)
{
    pipeline::Stall stall{.phase = pipeline::Phase::gather, .rank = 1, .window = 3, .seconds = 3.21, .limit = 3};
    EXPECT_EQ(stall_message(stall, {8, 16}, two_ranks()),
              "rank 1 on beta makes no progress with rows 8 to 15 (stage gather: nothing for 3.2 s, and 3.0 s are "
              "allowed; see run.stall_timeout); 40 of 100 rows are recorded: run it again to go on");
    stall = {.phase = pipeline::Phase::commit, .rank = 0, .window = {}, .seconds = 61, .limit = 60};
    EXPECT_EQ(stall_message(stall, {}, two_ranks()),
              "rank 0 on alpha makes no progress with a commit (stage commit: nothing for 61.0 s, and 60.0 s are "
              "allowed; see run.stall_timeout); 40 of 100 rows are recorded: run it again to go on");
}

TEST(SilenceMessageTest, NamesRoot)
{
    EXPECT_EQ(silence_message(600, two_ranks()), "rank 0 on alpha is silent (nothing was heard of it for 600.0 s; see "
                                                 "run.stall_timeout); run it again to go on");
}

} // namespace distinfer::app
