#include "fault/ground.hpp"
#include "fault/loss.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>

namespace distinfer::test
{

namespace
{

constexpr int ranks = 3;

/// Of each rank.
int kills_wanted()
{
    char const* const wanted = std::getenv("DIST_INFER_TEST_RANK_KILLS");
    return wanted ? std::atoi(wanted) : 7;
}

/// Kills one rank at a random time: while it starts or reads the model, or while windows move.
void kill_rank(Job const& job, Ground const& ground, int victim, std::mt19937& random)
{
    std::optional<pid_t> process;
    if (!job.runs_until([&] { return (process = job.rank(victim)).has_value(); })) return;
    auto const before = ground.ledger_bytes();
    bool const early = random() % 3 == 0;
    if (!early) job.runs_until([&] { return ground.ledger_bytes() > before; });
    std::this_thread::sleep_for(std::chrono::milliseconds{random() % 500});
    ::kill(*process, SIGKILL);
}

} // namespace

/// With an Open MPI that cannot go on without a rank, the job ends, and says so to whoever started it; what is recorded
/// stays.
TEST(RankKillTest, AJobThatLosesARankEndsWithin30SecondsAndIsGoneOnWith)
{
    Ground const ground;
    std::mt19937 random{3};
    int killed = 0;
    int finished = 0;
    double longest = 0;
    for (int round = 0; round < kills_wanted() * ranks; ++round) {
        Job job{PROGRAM, ground.config(), ground.drawn_mode(random), {.ranks = ranks}};
        kill_rank(job, ground, round % ranks, random);
        auto const start = std::chrono::steady_clock::now();
        int const code = job.wait(30);
        auto const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        ASSERT_NE(code, 124) << "it hung for 30 s when rank " << round % ranks << " was gone; " << job.err();
        longest = std::max(longest, seconds);
        if (code != 0) ++killed;
        ASSERT_TRUE(code != 0 || ground.is_finished()) << "it said that it is done, and is not; " << job.err();
        ASSERT_TRUE(job.ranks().empty()) << "processes are left";
        if (!ground.is_finished()) continue;
        ground.expect_right_output();
        ground.remove_output();
        ++finished;
    }
    EXPECT_EQ(run_program({ground.config(), "--if-exists", "overwrite"}, {.ranks = 2}).exit_code, 0);
    ground.expect_right_output();
    std::printf("%d rounds, %d lost a rank, %d finished, the longest took %.1f s to end\n", kills_wanted() * ranks,
                killed, finished, longest);
    EXPECT_GT(killed, kills_wanted() * ranks / 2);
}

/// At each stage, and several at once, as where MPI can go on (losses_test).
TEST(RankKillTest, SoDoesOneThatLosesRanksAtAnyStage)
{
    Ground const ground{{.work = 100}};
    auto losses = at_each_stage(false);
    auto const more = {at_each_stage(true), of_four({"1@infer#9;2@infer#9", "0@infer#9;1@infer#9"})};
    for (auto const& some : more) losses.insert(losses.end(), some.begin(), some.end());
    int runs = 0;
    for (std::size_t i = 0; i < losses.size(); i += all_losses_wanted() ? 1U : 9U) {
        SCOPED_TRACE(losses[i].fail_points);
        std::vector<std::string> const environment{"DIST_INFER_TEST_FAIL_POINT=" + losses[i].fail_points};
        Job job{FAULTS_PROGRAM,
                ground.config(),
                options_of(losses[i]),
                {.ranks = losses[i].ranks, .environment = environment}};
        int const code = job.wait(30);
        ASSERT_NE(code, 124) << "it hung for 30 s; " << job.err();
        EXPECT_NE(code, 0) << "nobody was killed, or nobody said so; " << job.err();
        if (!ground.is_finished()) {
            EXPECT_EQ(run_program({ground.config()}, {.ranks = 2}).exit_code, 0);
        }
        ground.expect_right_output();
        ground.remove_output();
        ++runs;
    }
    std::printf("%d runs that lost ranks at a stage\n", runs);
}

/// gloo's connections tell of it, or mpirun does.
TEST(RankKillTest, OverGlooTheJobEndsToo)
{
    Ground const ground{{.work = 100}};
    std::vector<std::string> const over_gloo{"--set", "run.transport=gloo"};
    for (auto const* victim : {"0", "1", "2"}) {
        std::vector<std::string> const environment{std::string{"DIST_INFER_TEST_FAIL_POINT="} + victim + "@infer#9"};
        Job job{FAULTS_PROGRAM, ground.config(), over_gloo, {.ranks = ranks, .environment = environment}};
        int const code = job.wait(30);
        ASSERT_NE(code, 124) << "it hung for 30 s; " << job.err();
        EXPECT_NE(code, 0) << job.err();
        EXPECT_FALSE(ground.is_finished());
        EXPECT_NE(job.err().find(std::string{"rank "} + victim), std::string::npos) << "not named: " << job.err();
        std::vector<std::string> again{ground.config()};
        again.insert(again.end(), over_gloo.begin(), over_gloo.end());
        EXPECT_EQ(run_program(again, {.ranks = 2}).exit_code, 0);
        ground.expect_right_output();
        ground.remove_output();
    }
}

} // namespace distinfer::test
