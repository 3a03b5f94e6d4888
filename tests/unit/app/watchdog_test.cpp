#include "distinfer/app/watchdog.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

namespace distinfer::app
{

namespace
{

void wait_under(Phase phase)
{
    Watchdog const watchdog{std::move(phase)};
    ::pause();
}

} // namespace

TEST(WatchdogTest, EndsAProcessWhosePhaseDoesNotEnd)
{
    Phase const init{.name = "MPI_Init", .seconds = 0.05, .suggestion = "ask"};
    EXPECT_EXIT(wait_under(init), testing::ExitedWithCode(75),
                "MPI_Init does not end \\(it may take 0.05 s; .*\\); ask");
    Phase const finalize{.name = "MPI_Finalize", .seconds = 0.05, .code = ExitCode::done};
    EXPECT_EXIT(wait_under(finalize), testing::ExitedWithCode(0), "MPI_Finalize");
}

TEST(WatchdogTest, LeavesAPhaseAloneThatEndsInTime)
{
    for (int i = 0; i < 100; ++i) Watchdog const watchdog{{.name = "nothing", .seconds = 1e6}};
}

TEST(InitTimeoutTest, IsTwoMinutesUnlessTheEnvironmentSays)
{
    EXPECT_EQ(init_timeout({}), 120);
    EXPECT_EQ(init_timeout({{{"DIST_INFER_INIT_TIMEOUT", "7.5"}}}), 7.5);
    for (auto const* const wrong : {"", "0", "-1", "5s", "inf", "nan", "1e9"})
        EXPECT_THROW(init_timeout({{{"DIST_INFER_INIT_TIMEOUT", wrong}}}), ConfigError) << wrong;
}

} // namespace distinfer::app
