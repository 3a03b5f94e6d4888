#include "fault/ground.hpp"

#include <array>
#include <chrono>
#include <cstdlib>
#include <map>
#include <string>
#include <thread>

namespace distinfer::test
{

namespace
{

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

/// More of them where tools/soak asks.
int kills_wanted()
{
    char const* const wanted = std::getenv("DIST_INFER_TEST_KILLS");
    return wanted ? std::atoi(wanted) : 200;
}

/// How long a job takes that nobody disturbs, in seconds.
struct Pace
{
    double begins = 0; ///< until its ledger is there
    double ends = 0;
};

Pace measured_pace(Ground const& ground)
{
    Pace pace;
    auto const start = Clock::now();
    Job job{PROGRAM, ground.config(), {}, {.ranks = 2}};
    EXPECT_TRUE(job.runs_until([&] { return ground.ledger_bytes() > 0; }));
    pace.begins = Seconds{Clock::now() - start}.count();
    EXPECT_EQ(job.wait(30), 0) << job.err();
    pace.ends = Seconds{Clock::now() - start}.count();
    ground.remove_output();
    return pace;
}

/// Where a job is killed. Each of them as often as it stands here, more often where the kill comes early.
constexpr auto places = std::to_array<char const*>({"start", "start", "start", "middle", "middle", "commit", "finish"});

/// Waits for the instant, which is drawn anew each time; returns earlier where the job ends before it.
void wait_for_instant(std::string const& place, Job const& job, Ground const& ground, Pace const& pace,
                      std::mt19937& random)
{
    auto const before = ground.ledger_bytes();
    auto const draw = [&](double most) { return std::uniform_real_distribution{0.0, most}(random); };
    double rest = draw(pace.begins); // start
    if (place != "start") job.runs_until([&] { return ground.ledger_bytes() > before || ground.is_finished(); });
    if (place == "middle") rest = draw(pace.ends - pace.begins);
    if (place == "commit") {
        auto const recorded = ground.ledger_bytes() + static_cast<std::uint64_t>(draw(300));
        job.runs_until([&] { return ground.ledger_bytes() > recorded || ground.is_finished(); });
        rest = draw(0.003);
    }
    if (place == "finish") {
        job.runs_until([&] { return ground.rows_recorded() == Extent{}.rows || ground.is_finished(); });
        rest = draw(0.03);
    }
    std::this_thread::sleep_for(Seconds{rest});
}

} // namespace

/// Every process of the job is killed at random times, until it is done; modes, schedules, windows and the number of
/// ranks change from attempt to attempt. Every output is that of an undisturbed run.
TEST(KillTest, AJobThatIsKilledAgainAndAgainEndsWithTheSameBits)
{
    Ground const ground;
    auto const pace = measured_pace(ground);
    std::mt19937 random{2026};
    std::map<std::string, int> kills_at;
    int kills = 0;
    int finished = 0;
    int attempts = 0;
    while (kills < kills_wanted()) {
        int const ranks = static_cast<int>(random() % 4); // 0: without mpirun
        std::string const place = places.at(random() % places.size());
        Job job{PROGRAM, ground.config(), ground.drawn_mode(random), {.ranks = ranks}};
        wait_for_instant(place, job, ground, pace, random);
        ++attempts;
        job.kill_all();
        if (int const code = job.wait(20); code != 0) {
            ++kills;
            ++kills_at[place];
            ASSERT_EQ(code, 128 + 9) << job.err();
        }
        bool const is_there = ground.workshop().exists("out.h5");
        if (is_there || attempts % 5 == 0) {
            EXPECT_EQ(ground.status(), is_there ? 0 : 75);
        }
        if (!ground.is_finished()) continue;
        ground.expect_right_output();
        if (testing::Test::HasFailure()) return;
        ground.remove_output();
        ++finished;
    }
    std::printf("undisturbed: %.2f s, of which %.2f s before its ledger\n", pace.ends, pace.begins);
    std::printf("%d attempts, %d killed, %d jobs finished\n", attempts, kills, finished);
    for (auto const& [place, count] : kills_at) std::printf("%d killed at %s\n", count, place.c_str());
    EXPECT_GT(finished, kills / 50);
}

} // namespace distinfer::test
