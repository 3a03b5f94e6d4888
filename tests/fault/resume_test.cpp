#include "fault/ground.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

namespace distinfer::test
{

namespace
{

/// Leaves a job that has recorded some rows.
void leave_some(Ground const& ground)
{
    ground.remove_output();
    std::vector<std::string> const environment{"DIST_INFER_TEST_FAIL_POINT=commit: recorded"};
    Job job{FAULTS_PROGRAM, ground.config(), {}, {.ranks = 2, .environment = environment}};
    EXPECT_NE(job.wait(30), 0);
    EXPECT_TRUE(ground.workshop().exists("out.h5.ledger"));
}

Ended run(Ground const& ground, std::vector<std::string> const& options = {})
{
    std::vector<std::string> arguments{ground.config()};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return run_program(arguments, {.ranks = 2});
}

void expect_refused(Ended const& ended, std::initializer_list<std::string> words)
{
    EXPECT_EQ(ended.exit_code, 7) << ended.err;
    ASSERT_EQ(ended.error_lines().size(), 1U) << ended.err;
    for (auto const& word : words)
        EXPECT_NE(ended.error_lines().front().find(word), std::string::npos) << ended.error_lines().front();
}

} // namespace

TEST(ResumeTest, AnotherJobIsRefusedByTheFieldThatDiffers)
{
    Ground const ground;
    leave_some(ground);
    expect_refused(run(ground, {"--batch", "16"}), {"run.batch", "'8'", "'16'", "run.resume: never"});
    expect_refused(run(ground, {"--threads", "2"}), {"run.threads", "'1'", "'2'"});
    expect_refused(run(ground, {"--set", "model.grad=none"}), {"model.grad"});
    std::filesystem::last_write_time(ground.workshop() / "many.h5", std::filesystem::file_time_type::clock::now());
    expect_refused(run(ground), {"input file 1", "many.h5"});
    EXPECT_EQ(run(ground, {"--set", "run.resume=never"}).exit_code, 0);
    ground.expect_right_output();
}

TEST(ResumeTest, ABatchThatIsLeftOpenIsThatOfTheFirstAttempt)
{
    Ground const ground;
    leave_some(ground);
    EXPECT_EQ(run(ground, {"--batch", "auto"}).exit_code, 0);
    ground.expect_right_output();
}

TEST(ResumeTest, RequireWantsSomethingToGoOnWith)
{
    Ground const ground;
    expect_refused(run(ground, {"--set", "run.resume=require"}), {"no earlier run", "run.resume: auto"});
    leave_some(ground);
    auto const ended = run(ground, {"--set", "run.resume=require"});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_NE(ended.err.find("going on with"), std::string::npos) << ended.err;
    ground.expect_right_output();
}

TEST(ResumeTest, ALedgerWithoutItsPartIsStartedAnew)
{
    Ground const ground;
    leave_some(ground);
    std::filesystem::remove(ground.workshop() / "out.h5.part");
    auto const ended = run(ground);
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_NE(ended.err.find("starting anew"), std::string::npos) << ended.err;
    ground.expect_right_output();
}

/// What lies under the output's name is of another job, which this one was to overwrite.
TEST(ResumeTest, AJobThatHasNotSealedItsOutputIsNotComplete)
{
    Ground const ground;
    leave_some(ground);
    std::filesystem::rename(ground.workshop() / "out.h5.part", ground.workshop() / "out.h5");
    EXPECT_EQ(ground.status(), 75);
}

TEST(ResumeTest, ADamagedLedgerIsRefusedOrItsRowsAreRunAgain)
{
    Ground const ground;
    leave_some(ground);
    auto const ledger = ground.workshop() / "out.h5.ledger";
    auto const size = std::filesystem::file_size(ledger);
    flip_bits(ledger, size - 3, 1);
    EXPECT_EQ(run(ground).exit_code, 0);
    ground.expect_right_output();

    leave_some(ground);
    flip_bits(ledger, 50, 1);
    expect_refused(run(ground), {"out.h5.ledger"});
}

TEST(ResumeTest, AnInputThatChangesWhileTheJobRunsIsFound)
{
    Ground const ground;
    Job job{PROGRAM, ground.config(), {}, {.ranks = 2}};
    ASSERT_TRUE(job.runs_until([&] { return ground.workshop().exists("out.h5.ledger"); })) << job.err();
    std::filesystem::last_write_time(ground.workshop() / "many.h5", std::filesystem::file_time_type::clock::now());
    EXPECT_EQ(job.wait(30), 3) << job.err();
    EXPECT_NE(job.err().find("has changed while the job read it"), std::string::npos) << job.err();
    EXPECT_EQ(ground.status(), 3) << "the failure is told, not only that rows are recorded";
}

/// The rows are those of the source, whatever file the config names.
TEST(ResumeTest, ASourceOfAVirtualDatasetThatChangesIsFoundAsAnInputFileIs)
{
    Ground const ground;
    auto const source = ground.workshop() / "source.h5";
    std::filesystem::rename(ground.workshop() / "many.h5", source);
    write_virtual(ground.workshop() / "many.h5", "/x", {DType::float32, {6}}, Extent{}.rows, "source.h5", "/x");
    auto const change = [&] {
        std::filesystem::last_write_time(source, std::filesystem::file_time_type::clock::now());
    };
    leave_some(ground);
    change();
    expect_refused(run(ground), {"file behind the inputs 1", "source.h5", "run.resume: never"});

    ground.remove_output();
    Job job{PROGRAM, ground.config(), {}, {.ranks = 2}};
    ASSERT_TRUE(job.runs_until([&] { return ground.workshop().exists("out.h5.ledger"); })) << job.err();
    change();
    EXPECT_EQ(job.wait(30), 3) << job.err();
    EXPECT_NE(job.err().find("source.h5 has changed while the job read it"), std::string::npos) << job.err();
    EXPECT_EQ(run(ground, {"--set", "run.resume=never"}).exit_code, 0);
    ground.expect_right_output();
}

TEST(ResumeTest, ASecondJobOnAnOutputIsRefused)
{
    Ground const ground;
    Job job{PROGRAM, ground.config(), {}, {.ranks = 2}};
    ASSERT_TRUE(job.runs_until([&] { return ground.workshop().exists("out.h5.ledger"); })) << job.err();
    for (auto const rank : job.ranks()) ::kill(rank, SIGSTOP);
    expect_refused(run(ground), {"another job is writing"});
    for (auto const rank : job.ranks()) ::kill(rank, SIGCONT);
    EXPECT_EQ(job.wait(30), 0) << job.err();
    ground.expect_right_output();
}

} // namespace distinfer::test
