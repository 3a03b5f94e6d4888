#include "distinfer/pipeline/room.hpp"
#include "scaling/simulation.hpp"
#include "scaling/sweep.hpp"

#include <gtest/gtest.h>

#include <map>

namespace distinfer::scaling
{

namespace
{

/// Something seen in a simulation.
struct Seen
{
    double seconds = 0;
    int rank = 0;
    What what = What::assign;

    bool operator==(Seen const&) const = default;
};

/// What was seen of each window, in order.
using Lives = std::map<std::uint64_t, std::vector<Seen>>;

/// A machine that costs nothing.
Machine free_machine()
{
    constexpr double no_limit = std::numeric_limits<double>::infinity();
    return {.ranks_per_host = 1,
            .link_out = no_limit,
            .link_in = no_limit,
            .memory = no_limit,
            .latency = 0,
            .reader = no_limit,
            .writer = no_limit,
            .file_system = no_limit,
            .storage_latency = 0,
            .storage_over_link = false,
            .message = 0};
}

/// 16 windows of two batches for every rank, and an odd batch.
Case job_of(int ranks, bool direct_read, bool direct_write, plan::Schedule schedule = plan::Schedule::dynamic)
{
    Work const work{.rows = static_cast<std::uint64_t>(ranks) * 16 * 20 + 7,
                    .row_in = 1000,
                    .row_out = 100,
                    .batch = 10,
                    .window = 20'000,
                    .batch_seconds = 0.01,
                    .rank_spread = 0};
    return {.work = work,
            .machine = {},
            .ranks = ranks,
            .schedule = schedule,
            .direct_read = direct_read,
            .direct_write = direct_write};
}

Lives lives_of(Case const& job)
{
    Lives lives;
    simulate(job, [&](double seconds, int rank, Item item) {
        lives[item.window].push_back({seconds, rank, item.what});
    });
    return lives;
}

std::uint64_t times(std::vector<Seen> const& life, What what)
{
    return static_cast<std::uint64_t>(
        std::count_if(life.begin(), life.end(), [&](Seen const& seen) { return seen.what == what; }));
}

/// The life of a window without the ends of sends, which no window waits for.
std::vector<What> steps(std::vector<Seen> const& life)
{
    std::vector<What> found;
    for (auto const& seen : life)
        if (seen.what != What::left) found.push_back(seen.what);
    return found;
}

int rank_that_ran(std::vector<Seen> const& life)
{
    auto const inferred =
        std::find_if(life.begin(), life.end(), [](Seen const& seen) { return seen.what == What::inferred; });
    return inferred->rank;
}

double sum_of_window_seconds(Case const& job)
{
    auto const windows = job.work.windows(job.ranks);
    ModelTimes const model{job.work, windows};
    double sum = 0;
    for (std::uint64_t window = 0; window < windows.windows(); ++window) sum += model.seconds(window);
    return sum;
}

} // namespace

/// Every mode, schedule and some numbers of ranks.
class SimulationTest : public testing::TestWithParam<std::tuple<int, bool, bool, plan::Schedule>>
{
  protected:
    static Case job() { return std::apply(job_of, GetParam()); }
};

TEST_P(SimulationTest, EveryWindowRunsOnceAndIsStoredOnce)
{
    auto const lives = lives_of(job());
    EXPECT_EQ(lives.size(), job().work.windows(job().ranks).windows());
    for (auto const& [window, life] : lives) {
        EXPECT_EQ(times(life, What::inferred), 1) << "window " << window;
        EXPECT_EQ(times(life, What::stored), 1) << "window " << window;
        EXPECT_EQ(times(life, What::fetched), 1) << "window " << window;
    }
}

TEST_P(SimulationTest, RanksAreBusyForAsLongAsTheWindowsTake)
{
    auto const outcome = simulate(job());
    EXPECT_NEAR(outcome.model_seconds, sum_of_window_seconds(job()), 1e-6);
    EXPECT_GT(outcome.seconds, outcome.model_seconds / job().ranks);
    EXPECT_LE(outcome.efficiency, 1);
}

TEST_P(SimulationTest, StepsFollowEachOtherAsInTheDesign)
{
    std::vector<What> const at_root{What::fetched, What::inferred, What::stored};
    std::vector<What> elsewhere{What::assign, What::fetched, What::inferred};
    if (!job().direct_read) elsewhere = {What::fetched, What::assign, What::arrived, What::inferred};
    std::vector<What> const direct_end{What::stored, What::result};
    std::vector<What> const gather_end{What::result, What::arrived, What::stored};
    auto const& end = job().direct_write ? direct_end : gather_end;
    elsewhere.insert(elsewhere.end(), end.begin(), end.end());
    for (auto const& [window, life] : lives_of(job())) {
        EXPECT_EQ(steps(life), rank_that_ran(life) == 0 ? at_root : elsewhere) << "window " << window;
        for (std::size_t i = 1; i < life.size(); ++i) EXPECT_LE(life[i - 1].seconds, life[i].seconds);
    }
}

TEST_P(SimulationTest, AFreeMachineKeepsEveryRankBusy)
{
    auto perfect = job();
    perfect.machine = free_machine();
    perfect.work.rows = static_cast<std::uint64_t>(perfect.ranks) * 16 * 20;
    perfect.work.batch_seconds = 1;
    perfect.work.batch_spread = 0;
    perfect.work.straggler_share = 0;
    EXPECT_GT(simulate(perfect).efficiency, 0.999);
}

INSTANTIATE_TEST_SUITE_P(Modes, SimulationTest,
                         testing::Combine(testing::Values(1, 2, 5, 20), testing::Bool(), testing::Bool(),
                                          testing::Values(plan::Schedule::dynamic, plan::Schedule::static_blocks)));

TEST(SimulationTest, ALinkThatIsTooSlowSetsThePace)
{
    auto job = job_of(4, false, false);
    job.machine = free_machine();
    job.machine.link_out = 100'000;
    auto const outcome = simulate(job);
    double sent = 0;
    for (auto const& [window, life] : lives_of(job))
        if (rank_that_ran(life) != 0)
            sent += static_cast<double>(job.work.windows(4).window(window).size() * job.work.row_in);
    EXPECT_NEAR(outcome.seconds, sent / 100'000, 0.05 * outcome.seconds);
    EXPECT_GT(outcome.root_sending, 0.95);
}

TEST(SimulationTest, RootReadsOnlyIntoFreeBuffers)
{
    auto job = job_of(10, false, false);
    job.machine.link_out = 100'000;
    int held = 0;
    int most = 0;
    simulate(job, [&](double, int rank, Item item) {
        if (rank != 0) return;
        held += item.what == What::fetched ? 1 : 0;
        held -= item.what == What::left || item.what == What::inferred ? 1 : 0;
        most = std::max(most, held);
    });
    EXPECT_EQ(most, pipeline::root_room(job.slots).inputs);
}

TEST(SimulationTest, TheStaticScheduleRunsEachBlockOnItsRank)
{
    auto const job = job_of(3, true, true, plan::Schedule::static_blocks);
    auto const windows = job.work.windows(3).windows();
    for (auto const& [window, life] : lives_of(job)) {
        auto const shard = plan::static_shard(windows, rank_that_ran(life), 3);
        EXPECT_TRUE(shard.first <= window && window < shard.last) << "window " << window;
    }
}

TEST(SimulationTest, EqualCasesGoAlike)
{
    auto const job = job_of(7, false, true);
    EXPECT_EQ(lives_of(job), lives_of(job));
}

TEST(SimulationTest, AJobWithoutRowsIsOverAtOnce)
{
    auto job = job_of(3, false, false);
    job.work.rows = 0;
    EXPECT_EQ(simulate(job).windows, 0);
    EXPECT_LT(simulate(job).seconds, 1e-9);
}

TEST(SimulationTest, WindowsOfASecondKeepRanksBusyWhenOnlyNotesTravel)
{
    EXPECT_GT(simulate(required_case({}, 256)).efficiency, 0.95);
}

} // namespace distinfer::scaling
