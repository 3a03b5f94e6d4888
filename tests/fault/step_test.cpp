#include "fault/ground.hpp"

namespace distinfer::test
{

namespace
{

/// Ends root at a step, and sees that the next run makes of it what it should be.
void end_at(Ground const& ground, std::string const& step, int ranks, std::vector<std::string> const& options)
{
    SCOPED_TRACE(step);
    ground.remove_output();
    std::vector<std::string> const environment{"DIST_INFER_TEST_FAIL_POINT=" + step};
    Job job{FAULTS_PROGRAM, ground.config(), options, {.ranks = ranks, .environment = environment}};
    EXPECT_NE(job.wait(30), 0) << "the step was not reached";
    bool const published = ground.workshop().exists("out.h5");
    EXPECT_EQ(ground.status(), published ? 0 : 75);
    auto arguments = options;
    arguments.insert(arguments.begin(), ground.config());
    auto const ended = run_program(arguments, {.ranks = ranks});
    bool const ledger_was_gone = step == "finish: ledger is gone";
    EXPECT_EQ(ended.exit_code, ledger_was_gone ? 7 : 0) << ended.err; // it is complete, and may not be overwritten
    ground.expect_right_output();
}

} // namespace

TEST(StepTest, AJobThatIsEndedAtAnyStepOfCommitOrFinishIsGoneOnWith)
{
    auto const ground = Ground::small(800);
    for (auto const* step :
         {"commit: synced", "commit: appended", "commit: recorded", "finish: begins", "finish: attributes are written",
          "finish: sealed", "finish: renamed", "finish: published", "finish: ledger is gone"}) {
        end_at(ground, step, 2, {});
        end_at(ground, step, 2, {"--set", "output.write=direct", "--set", "input.read=direct"});
        end_at(ground, step, 0, {});
    }
}

} // namespace distinfer::test
