#include "fault/ground.hpp"

#include <set>
#include <sstream>

namespace distinfer::test
{

namespace
{

/// With ranks that see a wall clock which jumps an hour forth and back all the time.
Ended run_with_jumping_clock(Ground const& ground, std::vector<std::string> options)
{
    options.insert(options.begin(), ground.config());
    return run_program(options, {.ranks = 2, .launcher_options = "-x LD_PRELOAD=" CLOCK_SHIM});
}

} // namespace

TEST(ClockTest, TheShimMakesTheWallClockJump)
{
    auto const command = "for i in 1 2 3 4 5 6 7 8 9; do LD_PRELOAD=" CLOCK_SHIM " date +%s; sleep 0.07; done";
    std::istringstream seconds{run_shell(command).out};
    std::set<long> hours;
    for (long second = 0; seconds >> second;) hours.insert(second / 1800);
    EXPECT_GE(hours.size(), 2U);
}

/// Limit, drain and commits are timed by the steady clock; of a wall clock only SLURM's end time is read.
TEST(ClockTest, AJobIsNotDisturbedByAClockThatJumps)
{
    Ground const ground;
    auto const ended = run_with_jumping_clock(ground, {"--set", "run.time_limit=100s", "--set", "run.drain=1s"});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    ground.expect_right_output();
}

TEST(ClockTest, TheTimeLimitDrainsWhenItIsNearWhateverTheClockSays)
{
    Ground const ground;
    auto const ended = run_with_jumping_clock(ground, {"--set", "run.time_limit=1200ms", "--set", "run.drain=900ms"});
    EXPECT_EQ(ended.exit_code, 75) << ended.err;
    EXPECT_NE(ended.err.find("run.time_limit is near"), std::string::npos) << ended.err;
    EXPECT_EQ(run_with_jumping_clock(ground, {}).exit_code, 0);
    ground.expect_right_output();
}

} // namespace distinfer::test
