#include "fault/ground.hpp"
#include "fault/loss.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <csignal>
#include <thread>

namespace distinfer::test
{

namespace
{

constexpr auto launcher_options = "--with-ft ulfm --mca btl tcp,self";

/// What became of jobs that lost ranks.
class Tally
{
  public:
    explicit Tally(Ground const& ground) : ground_(ground) {}

    /// A job that has ended: it is complete, or another run completes it; in any case with the right bits.
    void count(Job& job)
    {
        ++runs_;
        int const code = job.wait(60);
        ASSERT_NE(code, 124) << "it hangs\n" << job.err();
        int const status = ground_.status();
        if (status == 0) {
            ++finished_;
        } else {
            EXPECT_EQ(status, 75) << job.err();
            in_init_ += job.err().find("MPI_Init") != std::string::npos ? 1 : 0;
            EXPECT_EQ(run_program({ground_.config()}, {.ranks = 2}).exit_code, 0);
        }
        ground_.expect_right_output();
    }

    void run(Loss const& loss)
    {
        SCOPED_TRACE(loss.fail_points + (loss.direct ? " direct" : "") + (loss.in_blocks ? " static" : ""));
        ground_.remove_output();
        int const finished_before = finished_;
        std::vector<std::string> const environment{"DIST_INFER_TEST_FAIL_POINT=" + loss.fail_points};
        Job job{FAULTS_PROGRAM,
                ground_.config(),
                options_of(loss),
                {.ranks = loss.ranks, .environment = environment, .launcher_options = launcher_options}};
        count(job);
        if (finished_ == finished_before) {
            std::printf("not finished by the survivors: %s\n%s\n", loss.fail_points.c_str(), job.err().c_str());
            return;
        }
        auto const report = nlohmann::json::parse(ground_.workshop().read("report.json"));
        EXPECT_FALSE(report["lost_ranks"].empty()) << "nobody was lost";
        // A launcher drops what it has not read of a rank that ends without MPI_Finalize.
        EXPECT_NE(job.err().find("dist-infer: done rows=12000"), std::string::npos) << "the last line\n" << job.err();
    }

    /// MPI's own way back fails now and then, so not every job is finished by its survivors; most are.
    void print(char const* what) const
    {
        EXPECT_GE((finished_ + in_init_) * 2, runs_);
        std::printf("%s: %d runs, %d finished without a restart, %d were in MPI_Init\n", what, runs_, finished_,
                    in_init_);
    }

  private:
    Ground const& ground_;
    int runs_ = 0;
    int finished_ = 0;
    int in_init_ = 0; ///< runs that lost a rank there
};

/// Every eighth, where not all are wanted.
void run_all(char const* what, std::vector<Loss> const& losses)
{
    Ground const ground{{.work = 100}};
    Tally tally{ground};
    std::size_t const step = all_losses_wanted() ? 1 : 8;
    for (std::size_t i = 0; i < losses.size() && !testing::Test::HasFailure(); i += step) tally.run(losses[i]);
    tally.print(what);
}

} // namespace

TEST(LossesTest, ARankThatIsLostAtAnyStageIsGoneOnWithout)
{
    auto losses = at_each_stage(false);
    auto const direct = at_each_stage(true);
    losses.insert(losses.end(), direct.begin(), direct.end());
    run_all("each rank at each stage", losses);
}

TEST(LossesTest, TwoOfFourAtOnce)
{
    run_all("two of four at once", of_four({"1@infer#9;2@infer#9", "0@infer#9;1@infer#9", "0@infer#20;3@infer#20"}));
}

TEST(LossesTest, ThreeOfFourInTurn)
{
    run_all("three of four in turn", of_four({"1@infer#9;2@infer#40;3@infer#80", "0@infer#9;1@infer#60;2@infer#120",
                                              "3@infer#9;0@infer#50;1@infer#120"}));
}

/// From before MPI_Init has ended to the end of the program. What dies in MPI_Init cannot be gone on without, and is
/// run again.
TEST(LossesTest, AnyRankAtAnyTimeIsGoneOnWithoutNowOrInTheNextRun)
{
    Ground const ground{{.work = 100}};
    std::mt19937 random{77};
    Tally tally{ground};
    auto const start = std::chrono::steady_clock::now();
    EXPECT_EQ(run_program({ground.config()}, {.ranks = 3, .launcher_options = launcher_options}).exit_code, 0);
    auto const usual = std::chrono::steady_clock::now() - start;
    for (int round = 0; round < (all_losses_wanted() ? 40 : 6) && !HasFailure(); ++round) {
        ground.remove_output();
        Job job{PROGRAM,
                ground.config(),
                ground.drawn_mode(random),
                {.ranks = 3, .environment = {"DIST_INFER_INIT_TIMEOUT=15"}, .launcher_options = launcher_options}};
        job.runs_until([&] { return job.ranks().size() == 3; });
        std::this_thread::sleep_for(usual * std::uniform_real_distribution{0.0, 1.0}(random));
        if (auto const ranks = job.ranks(); !ranks.empty()) ::kill(ranks[random() % ranks.size()], SIGKILL);
        tally.count(job);
    }
    tally.print("any rank at any time");
}

} // namespace distinfer::test
