#include "fault/ground.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
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
void leave_some(Ground const& ground, std::vector<std::string> const& options = {})
{
    ground.remove_output();
    std::vector<std::string> const environment{"DIST_INFER_TEST_FAIL_POINT=commit: recorded"};
    Job job{FAULTS_PROGRAM, ground.config(), options, {.ranks = 2, .environment = environment}};
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

/// Starts a job that fails before it begins, in each of the ways to: its config, an input, the model, or what the model
/// makes of the first batch, which is the last that is looked at; and sees that these files stay as they are.
void expect_failures_change_nothing(Ground const& ground, std::vector<std::string> const& options,
                                    std::initializer_list<std::string> files)
{
    auto const& workshop = ground.workshop();
    save_script(workshop / "misfit.pt", "def forward(self, x):\n    return x.sum(0), x.sum(0)\n");
    std::vector<std::string> before;
    for (auto const& file : files) before.push_back(workshop.read(file));
    for (auto const& [setting, code] : {std::pair{"report.dir=" + workshop / "nowhere", 2},
                                        {"input.files=" + workshop / "nowhere.h5", 3},
                                        {"model.path=" + workshop / "nowhere.pt", 4},
                                        {"model.path=" + workshop / "misfit.pt", 4}}) {
        SCOPED_TRACE(setting);
        auto arguments = options;
        arguments.insert(arguments.end(), {ground.config(), "--set", setting});
        auto const ended = run_program(arguments);
        EXPECT_EQ(ended.exit_code, code) << ended.err;
        std::vector<std::string> after;
        for (auto const& file : files) after.push_back(workshop.read(file));
        EXPECT_TRUE(after == before) << "a file has changed";
        for (auto const* name : {"out.h5", "out.h5.part", "out.h5.ledger"})
            EXPECT_EQ(workshop.exists(name), std::ranges::find(files, name) != files.end()) << name;
    }
}

} // namespace

TEST(ResumeTest, AnotherJobIsRefusedByTheFieldThatDiffers)
{
    auto const ground = Ground::small(800);
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
    auto const ground = Ground::small(800);
    expect_refused(run(ground, {"--set", "run.resume=require"}), {"no earlier run", "run.resume: auto"});
    leave_some(ground);
    auto const ended = run(ground, {"--set", "run.resume=require"});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_NE(ended.err.find("going on with"), std::string::npos) << ended.err;
    ground.expect_right_output();
}

TEST(ResumeTest, NeverTakesNothingAwayBeforeTheNewJobBegins)
{
    auto const ground = Ground::small(800);
    leave_some(ground);
    expect_failures_change_nothing(ground, {"--set", "run.resume=never"}, {"out.h5.part", "out.h5.ledger"});
    EXPECT_EQ(run(ground, {"--set", "run.resume=require"}).exit_code, 0);
    ground.expect_right_output();
}

TEST(ResumeTest, OverwriteTakesNothingAwayBeforeTheNewJobBegins)
{
    auto const ground = Ground::small(800);
    ASSERT_EQ(run(ground).exit_code, 0);
    expect_failures_change_nothing(ground, {"--if-exists", "overwrite"}, {"out.h5"});
    EXPECT_EQ(ground.status(), 4) << "the last job failed, whatever it was to replace";
    EXPECT_EQ(run(ground, {"--if-exists", "overwrite"}).exit_code, 0);
    EXPECT_EQ(ground.status(), 0);
}

/// `auto` is a number once a job has begun: with another one a sum may round differently.
TEST(ResumeTest, TheNumberOfThreadsThatAJobBeganWithHolds)
{
    auto const ground = Ground::small(800);
    leave_some(ground, {"--threads", "3"});
    EXPECT_EQ(run(ground, {"--set", "run.threads=auto"}).exit_code, 0);
    auto const report = nlohmann::json::parse(ground.workshop().read("report.json"));
    EXPECT_EQ(report["result"]["threads"], 3);
    EXPECT_GT(report["result"]["rows_resumed"], 0);

    leave_some(ground, {"--set", "run.threads=auto"});
    auto const ended = run(ground, {"--threads", "77"});
    expect_refused(ended, {"run.threads was '", "'77'"});
    EXPECT_EQ(ended.err.find("auto'"), std::string::npos) << ended.err;
}

/// Started from its folder by a relative path, or through a link to that.
TEST(ResumeTest, AJobIsTheSameByWhateverPathItsFilesAreNamed)
{
    auto const ground = Ground::small(800);
    TemporaryFolder const elsewhere;
    std::filesystem::create_directory_symlink(ground.workshop().folder(), elsewhere / "link");
    for (auto const& [from, config] : {std::pair{ground.workshop().folder(), std::string{"config.yaml"}},
                                       {elsewhere.path().string(), std::string{"link/config.yaml"}}}) {
        SCOPED_TRACE(config);
        leave_some(ground);
        auto const ended = run_shell("cd '" + from + "' && '" PROGRAM "' " + config);
        EXPECT_EQ(ended.exit_code, 0) << ended.err;
        EXPECT_NE(ended.err.find("going on with"), std::string::npos) << ended.err;
        ground.expect_right_output();
    }
}

TEST(ResumeTest, ALedgerWithoutItsPartIsStartedAnew)
{
    auto const ground = Ground::small(800);
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
    auto const ground = Ground::small(800);
    leave_some(ground);
    std::filesystem::rename(ground.workshop() / "out.h5.part", ground.workshop() / "out.h5");
    EXPECT_EQ(ground.status(), 75);
}

TEST(ResumeTest, ADamagedLedgerIsRefusedOrItsRowsAreRunAgain)
{
    auto const ground = Ground::small(800);
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
