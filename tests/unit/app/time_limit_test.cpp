#include "distinfer/app/time_limit.hpp"
#include "distinfer/core/error.hpp"
#include "support/expect_error.hpp"

#include <gtest/gtest.h>

namespace distinfer::app
{

namespace
{

using Kind = config::TimeLimit::Kind;

/// Asks for what it is told.
class Asker : public InterruptSource
{
  public:
    Interrupt now() override { return asked; }

    Interrupt asked = Interrupt::none;
};

} // namespace

TEST(TimeLimitTest, TellsTheSecondsLeft)
{
    EXPECT_EQ(seconds_left({Kind::none, 0}, {}, 100, 7), std::nullopt);
    EXPECT_EQ(seconds_left({Kind::seconds, 30}, {}, 100, 0), 30);
    EXPECT_EQ(seconds_left({Kind::seconds, 30}, {}, 100, 7), 23);
    config::Environment const slurm{{{"SLURM_JOB_END_TIME", "1790000060"}}};
    EXPECT_EQ(seconds_left({Kind::automatic, 0}, slurm, 1790000000, 7), 60);
}

TEST(TimeLimitTest, AutoNeedsSlurm)
{
    EXPECT_THROW(seconds_left({Kind::automatic, 0}, {}, 100, 0), ConfigError);
    EXPECT_THROW(seconds_left({Kind::automatic, 0}, {{{"SLURM_JOB_END_TIME", "soon"}}}, 100, 0), ConfigError);
}

/// Else it would end before it began, each time anew.
TEST(TimeLimitTest, HasToBeLongerThanTheDrain)
{
    config::RunConfig run;
    run.drain = 60;
    for (double const seconds : {1.0, 60.0}) {
        run.time_limit = {Kind::seconds, seconds};
        test::expect_error<ConfigError>([&] { check_time_limit(run, {}); }, {"run.time_limit", "run.drain"});
    }
    run.time_limit = {Kind::seconds, 61};
    EXPECT_NO_THROW(check_time_limit(run, {}));
    run.time_limit = {Kind::none, 0};
    EXPECT_NO_THROW(check_time_limit(run, {}));
}

TEST(TimeLimitTest, AsksWhenTheTimeIsNearAndPassesOnWhatOthersAsk)
{
    Asker asker;
    TimeLimit never{asker, std::nullopt};
    TimeLimit far{asker, 1000};
    TimeLimit over{asker, -1};
    EXPECT_EQ(never.now(), Interrupt::none);
    EXPECT_EQ(far.now(), Interrupt::none);
    EXPECT_EQ(over.now(), Interrupt::drain);
    asker.asked = Interrupt::leave;
    EXPECT_EQ(never.now(), Interrupt::leave);
    EXPECT_EQ(over.now(), Interrupt::leave);
}

} // namespace distinfer::app
