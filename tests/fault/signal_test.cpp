#include "fault/ground.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <thread>

namespace distinfer::test
{

namespace
{

using Clock = std::chrono::steady_clock;

/// How often each signal is sent; less often where CI asks.
int rounds()
{
    char const* const wanted = std::getenv("DIST_INFER_TEST_SIGNALS");
    return wanted ? std::atoi(wanted) : 50;
}

double seconds_since(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Waits until the job has begun, as its ledger shows. False where it ended before.
bool is_under_way(Job const& job, Ground const& ground, std::uint64_t ledger_before)
{
    return job.runs_until([&] { return ground.ledger_bytes() > ledger_before; });
}

/// How a job ended that was asked to, at a drawn time after it began.
struct Disturbed
{
    bool early = false; ///< else it is complete, and right
    double seconds = 0; ///< that it took to end
    std::string err;
};

Disturbed disturb(Ground const& ground, std::mt19937& random, int ranks, std::function<void(Job const&)> const& ask)
{
    auto const before = ground.ledger_bytes();
    Job job{PROGRAM, ground.config(), ground.drawn_mode(random), {.ranks = ranks}};
    if (is_under_way(job, ground, before)) {
        std::this_thread::sleep_for(std::chrono::milliseconds{random() % 200});
        ask(job);
    }
    auto const start = Clock::now();
    int const code = job.wait(30);
    EXPECT_TRUE(code == 0 || code == 75) << code << job.err();
    if (code == 75) return {true, seconds_since(start), job.err()};
    ground.expect_right_output();
    ground.remove_output();
    return {false, seconds_since(start), job.err()};
}

std::uint64_t rows_stored(Ground const& ground)
{
    return nlohmann::json::parse(ground.workshop().read("report.json"))["result"]["rows_stored"].get<std::uint64_t>();
}

} // namespace

/// Windows that ran are finished and recorded: what the run says it has stored is what the next one finds.
TEST(SignalTest, SigUsr1DrainsAtAnyTimeAndNoWindowIsRunAgain)
{
    Ground const ground;
    std::mt19937 random{7};
    int drained = 0;
    for (int round = 0; round < rounds(); ++round) {
        int const ranks = 1 + static_cast<int>(random() % 3);
        auto const ended = disturb(ground, random, ranks, [](Job const& job) { job.signal_launcher(SIGUSR1); });
        if (HasFailure()) return;
        if (!ended.early) continue;
        ++drained;
        EXPECT_EQ(ground.status(), 75);
        EXPECT_NE(ended.err.find("run it again to go on"), std::string::npos) << ended.err;
        auto const stored = rows_stored(ground);
        auto const status = run_program({"status", ground.config()}).out;
        EXPECT_NE(status.find(std::to_string(stored) + " of 12000"), std::string::npos) << status;
    }
    std::printf("%d of %d drained\n", drained, rounds());
    EXPECT_GT(drained, rounds() / 2);
}

/// One rank alone is told, as a scheduler may.
TEST(SignalTest, ASignalThatReachesOneRankDrainsAll)
{
    Ground const ground;
    Job job{PROGRAM, ground.config(), {}, {.ranks = 3}};
    ASSERT_TRUE(is_under_way(job, ground, 0));
    auto const ranks = job.ranks();
    ASSERT_EQ(ranks.size(), 3U);
    ::kill(ranks.back(), SIGUSR1);
    EXPECT_EQ(job.wait(30), 75) << job.err();
    EXPECT_EQ(run_program({ground.config()}, {.ranks = 2}).exit_code, 0);
    ground.expect_right_output();
}

/// Between SIGTERM and SIGKILL a launcher leaves a quarter of a second.
TEST(SignalTest, SigTermEndsARankWithinAQuarterOfASecond)
{
    Ground const ground;
    std::mt19937 random{8};
    int ended = 0;
    for (int round = 0; round < rounds(); ++round) {
        auto const how = disturb(ground, random, round % 2, [](Job const& job) {
            for (auto const rank : job.ranks()) ::kill(rank, SIGTERM);
        });
        if (HasFailure()) return;
        if (!how.early) continue;
        ++ended;
        EXPECT_LT(how.seconds, 3.5) << "mpirun itself cleans up for 2 s";
    }
    std::printf("%d of %d ended by SIGTERM\n", ended, rounds());
    EXPECT_GT(ended, rounds() / 2);
}

TEST(SignalTest, TheTimeLimitDrains)
{
    Ground const ground;
    std::vector<std::string> const options{"--set", "run.time_limit=1200ms", "--set", "run.drain=900ms"};
    Job job{PROGRAM, ground.config(), options, {.ranks = 2}};
    EXPECT_EQ(job.wait(30), 75) << job.err();
    EXPECT_NE(job.err().find("run.time_limit is near"), std::string::npos) << job.err();
    EXPECT_EQ(run_program({ground.config()}, {.ranks = 3}).exit_code, 0);
    ground.expect_right_output();
}

/// It is a limit of the whole job: what MPI_Init takes counts, where root waits for a host that starts late.
TEST(SignalTest, TheTimeLimitCountsFromTheStartOfTheProcess)
{
    Ground const ground;
    auto const late = ground.workshop().write("late.sh", "#!/bin/sh\n"
                                                         "[ \"$OMPI_COMM_WORLD_RANK\" = 1 ] && sleep 1\n"
                                                         "exec \"$@\"\n");
    std::vector<std::string> const job_line{PROGRAM, ground.config(), "--set", "run.time_limit=1800ms",
                                            "--set", "run.drain=1s"};
    Job job{"/bin/sh", late, job_line, {.ranks = 2}};
    EXPECT_EQ(job.wait(30), 75) << job.err();
    EXPECT_NE(job.err().find(" 0 of 12000 rows are recorded"), std::string::npos) << job.err();
}

} // namespace distinfer::test
