#include "e2e/marked.hpp"
#include "fault/job.hpp"

#include <gtest/gtest.h>

namespace distinfer::test
{

namespace
{

/// Ends root at a step of a run.
void end_at(Marked const& marked, std::string const& step, std::vector<std::string> const& options)
{
    std::vector<std::string> const environment{"DIST_INFER_TEST_FAIL_POINT=" + step};
    Job job{FAULTS_PROGRAM, marked.config(), options, {.ranks = 2, .environment = environment}};
    EXPECT_NE(job.wait(30), 0) << "the step was not reached";
}

std::vector<std::string> const steps{
    "commit: synced", "commit: appended", "commit: recorded", "finish: begins", "finish: attributes are written",
    "finish: sealed", "finish: published"};

} // namespace

TEST(BadRowsFaultTest, TheListOutlivesAnyStepOfCommitOrFinish)
{
    Marked const marked;
    bool direct = false;
    for (auto const& step : steps) {
        SCOPED_TRACE(step);
        marked.remove_output();
        direct = !direct;
        std::vector<std::string> const options{"--set", direct ? "output.write=direct" : "output.write=gather"};
        end_at(marked, step, options);
        EXPECT_EQ(run_program({"status", marked.config()}).exit_code, step == "finish: published" ? 8 : 75);
        auto const ended = marked.run(options);
        EXPECT_EQ(ended.exit_code, 8) << ended.err;
        marked.expect_output(Marked::rows);
    }
}

/// Once it has begun to take an output back, every start goes on with that, asked to retry or not.
TEST(BadRowsFaultTest, ARetryThatIsEndedAtAnyStepIsGoneOnWith)
{
    Marked const marked;
    ASSERT_EQ(marked.run({}, 2).exit_code, 8);
    auto all = steps;
    all.insert(all.begin(), {"retry: recorded", "retry: taken back"});
    for (auto const& step : all) {
        SCOPED_TRACE(step);
        end_at(marked, step, {"--retry-bad"});
        EXPECT_EQ(run_program({"status", marked.config()}).exit_code, step == "finish: published" ? 8 : 75);
        auto const ended = marked.run();
        EXPECT_EQ(ended.exit_code, 8) << ended.err;
        marked.expect_output(Marked::rows);
    }
}

/// A row that was bad before the kill stays so, and is run again only when it is asked for.
TEST(BadRowsFaultTest, ARunThatGoesOnRetriesWhenAsked)
{
    for (bool const retry : {false, true}) {
        Marked const marked;
        end_at(marked, "finish: begins", {});
        for (auto const row : Marked::rows) marked.mend(row);
        auto const ended = marked.run(retry ? std::vector<std::string>{"--retry-bad"} : std::vector<std::string>{}, 2);
        EXPECT_EQ(ended.exit_code, retry ? 0 : 8) << ended.err;
        marked.expect_output(retry ? std::set<std::uint64_t>{} : Marked::rows);
    }
}

} // namespace distinfer::test
