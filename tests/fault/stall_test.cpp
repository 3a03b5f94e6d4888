#include "fault/ground.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <csignal>
#include <memory>
#include <thread>
#include <unistd.h>

namespace distinfer::test
{

namespace
{

using Clock = std::chrono::steady_clock;

constexpr double timeout = 3; ///< seconds, of run.stall_timeout

/// Beside the timeout: the last commit, mpirun's two or three seconds to clean up, and a machine that is busy.
constexpr double grace = 10;

struct Stopping
{
    int rank = 1;
    int ranks = 2;
    std::vector<std::string> mode = {};
};

std::vector<std::string> options_of(Stopping const& stopping)
{
    std::vector<std::string> options{"--set", "run.stall_timeout=3s"};
    for (auto const& choice : stopping.mode) options.insert(options.end(), {"--set", choice});
    return options;
}

std::string host()
{
    std::string name(256, '\0');
    ::gethostname(name.data(), name.size() - 1);
    name.resize(name.find('\0'));
    return name;
}

/// Stops a rank in the midst of a job, and sees how that ends.
class StallTest : public testing::Test
{
  protected:
    static void SetUpTestSuite() { ground = std::make_unique<Ground>(); }
    static void TearDownTestSuite() { ground.reset(); }
    void TearDown() override { ground->remove_output(); }

    /// What the job said.
    static std::string stop(Stopping const& stopping)
    {
        Job job{PROGRAM, ground->config(), options_of(stopping), {.ranks = stopping.ranks}};
        wait_for_windows();
        ::kill(job.rank(stopping.rank).value(), SIGSTOP);
        auto const start = Clock::now();
        EXPECT_EQ(job.wait(30), 75) << job.err();
        auto const seconds = std::chrono::duration<double>(Clock::now() - start).count();
        EXPECT_GT(seconds, timeout);
        EXPECT_LT(seconds, timeout + grace);
        EXPECT_TRUE(job.ranks().empty()) << "nobody is left behind";
        return job.err();
    }

    /// Waits until the ledger has grown by the record of the attempt, and those of some windows.
    static void wait_for_windows()
    {
        auto const wait_for = [&](std::uint64_t bytes) {
            auto const start = Clock::now();
            while (ground->ledger_bytes() < bytes && Clock::now() < start + std::chrono::seconds{10})
                std::this_thread::sleep_for(std::chrono::milliseconds{2});
            return ground->ledger_bytes();
        };
        wait_for(wait_for(1) + 150);
    }

    static void expect_words(std::string const& text, std::initializer_list<std::string> words)
    {
        for (auto const& word : words) EXPECT_NE(text.find(word), std::string::npos) << word << " in " << text;
    }

    static void expect_report()
    {
        auto const report = nlohmann::json::parse(ground->workshop().read("report.json"));
        EXPECT_EQ(report["exit_code"], 75);
        EXPECT_EQ(report["status"], "interrupted");
        auto const stored = report["result"]["rows_stored"].get<std::uint64_t>();
        EXPECT_GT(stored, 0U);
        expect_words(run_program({"status", ground->config()}).out, {std::to_string(stored) + " of 12000"});
    }

    static void expect_same_bits_when_gone_on()
    {
        EXPECT_EQ(ground->status(), 75);
        auto const ended = run_program({ground->config()}, {.ranks = 2});
        EXPECT_EQ(ended.exit_code, 0) << ended.err;
        ground->expect_right_output();
    }

    /// Rank 1 of two is named with its rows, and the next run goes on.
    static void expect_named(std::vector<std::string> const& mode)
    {
        auto const said = stop({.mode = mode});
        expect_words(said, {"error: rank 1 on " + host() + " makes no progress with row", "(stage ", "nothing for ",
                            "3.0 s are allowed", "of 12000 rows are recorded: run it again to go on"});
        expect_report();
        expect_same_bits_when_gone_on();
    }

    // NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): what the tests of a suite share in GoogleTest
    static inline std::unique_ptr<Ground> ground;
};

} // namespace

TEST_F(StallTest, AStoppedRankIsNamedWhereRootReadsAndWrites)
{
    expect_named({"run.window=3KiB"});
}

TEST_F(StallTest, AStoppedRankIsNamedWhereItReads)
{
    expect_named({"input.read=direct", "run.schedule=static"});
}

TEST_F(StallTest, AStoppedRankIsNamedWhereItWrites)
{
    expect_named({"output.write=direct"});
}

TEST_F(StallTest, AStoppedRankIsNamedWhereItReadsAndWrites)
{
    expect_named({"input.read=direct", "output.write=direct"});
}

TEST_F(StallTest, OneOfThreeRanksIsNamed)
{
    auto const said = stop({.rank = 2, .ranks = 3});
    expect_words(said, {"error: rank 2 on " + host() + " makes no progress with row"});
    EXPECT_EQ(said.find("rank 1 on"), std::string::npos) << said;
    expect_report();
    expect_same_bits_when_gone_on();
}

/// Root says nothing any more: the others end, and the launcher ends it.
TEST_F(StallTest, ARootThatIsStoppedIsNamedByTheOthers)
{
    auto const said = stop({.rank = 0, .ranks = 3});
    expect_words(said, {"error: rank 0 on " + host() + " is silent", "run it again to go on"});
    expect_same_bits_when_gone_on();
}

/// A rank that is only slow, and one that was stopped for less than the timeout, are left alone.
TEST_F(StallTest, ARankThatGoesOnInTimeIsLeftAlone)
{
    for (int const rank : {0, 1}) {
        Job job{PROGRAM, ground->config(), options_of({}), {.ranks = 2}};
        wait_for_windows();
        auto const process = job.rank(rank).value();
        ::kill(process, SIGSTOP);
        std::this_thread::sleep_for(std::chrono::milliseconds{1000});
        ::kill(process, SIGCONT);
        EXPECT_EQ(job.wait(30), 0) << job.err();
        ground->expect_right_output();
        ground->remove_output();
    }
}

/// MPI_Init waits for all ranks.
TEST_F(StallTest, ARankThatNeverStartsMpiEndsTheJobByItsDeadline)
{
    auto const script = ground->workshop().write("late.sh", "#!/bin/sh\n"
                                                            "[ \"$OMPI_COMM_WORLD_RANK\" = 1 ] && kill -STOP $$\n"
                                                            "exec \"$@\"\n");
    Job job{
        "/bin/sh", script, {PROGRAM, ground->config()}, {.ranks = 2, .environment = {"DIST_INFER_INIT_TIMEOUT=1.5"}}};
    EXPECT_EQ(job.wait(12), 75) << job.err();
    expect_words(job.err(), {"MPI_Init does not end", "1.5 s", "DIST_INFER_INIT_TIMEOUT"});
}

} // namespace distinfer::test
