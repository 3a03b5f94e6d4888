#include "fault/ground.hpp"

#include <chrono>
#include <cstdlib>
#include <thread>

namespace distinfer::test
{

namespace
{

/// More of them where tools/soak asks.
int kills_wanted()
{
    char const* const wanted = std::getenv("DIST_INFER_TEST_KILLS");
    return wanted ? std::atoi(wanted) : 200;
}

} // namespace

/// Every process of the job is killed at random times, until it is done; modes, schedules, windows and the number of
/// ranks change from attempt to attempt. Every output is that of an undisturbed run.
TEST(KillTest, AJobThatIsKilledAgainAndAgainEndsWithTheSameBits)
{
    Ground const ground;
    std::mt19937 random{2026};
    int kills = 0;
    int finished = 0;
    int attempts = 0;
    while (kills < kills_wanted()) {
        int const ranks = 1 + static_cast<int>(random() % 3);
        Job job{PROGRAM, ground.config(), ground.drawn_mode(random), {.ranks = ranks}};
        auto const until = std::uniform_int_distribution{150, 1400}(random);
        std::this_thread::sleep_for(std::chrono::milliseconds{until});
        ++attempts;
        job.kill_all();
        int const code = job.wait(20);
        if (code != 0) {
            ++kills;
            ASSERT_EQ(code, 128 + 9) << job.err();
        }
        if (ground.status() != 0) continue;
        ground.expect_right_output();
        if (testing::Test::HasFailure()) return;
        ground.remove_output();
        ++finished;
    }
    std::printf("%d attempts, %d killed, %d jobs finished\n", attempts, kills, finished);
    EXPECT_GT(finished, 3);
}

} // namespace distinfer::test
