#include "e2e/marked.hpp"
#include "support/hdf5_file.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstring>
#include <filesystem>

namespace distinfer::test
{

namespace
{

std::string number(std::size_t n)
{
    return std::to_string(n);
}

nlohmann::json report_of(Marked const& marked)
{
    return nlohmann::json::parse(marked.workshop().read("report.json"));
}

/// A job whose results have a NaN in row 42.
class WithNan
{
  public:
    WithNan()
    {
        auto bytes = workshop.input().bytes;
        float const nan = std::nanf("");
        std::memcpy(bytes.data() + 42 * 6 * sizeof nan, &nan, sizeof nan);
        std::filesystem::remove(workshop / "data.h5");
        write_dataset(workshop / "data.h5", "/x", workshop.input().spec, Workshop::rows, bytes);
        config = workshop.config();
    }

    Ended run(std::vector<std::string> const& settings) const
    {
        std::vector<std::string> arguments{config};
        for (auto const& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
        return run_program(arguments, {.ranks = 2});
    }

    Workshop workshop;
    std::string config;
};

} // namespace

/// Whoever reads, writes and runs them, in whatever windows: the same rows are bad, and the others have the same bits.
TEST(BadRowsTest, AreSkippedAlikeInEveryModeScheduleAndWindow)
{
    Marked const marked;
    int ranks = 0;
    for (auto const* read : {"scatter", "direct"})
        for (auto const* write : {"gather", "direct"})
            for (auto const* schedule : {"dynamic", "static"}) {
                auto const* const window = ++ranks % 2 == 0 ? "1" : "1MiB";
                SCOPED_TRACE(testing::Message() << read << " " << write << " " << schedule << " " << window);
                marked.remove_output();
                auto const ended = marked.run({"--set", std::string{"input.read="} + read, "--set",
                                               std::string{"output.write="} + write, "--set",
                                               std::string{"run.window="} + window, "--schedule", schedule},
                                              1 + ranks % 3);
                EXPECT_EQ(ended.exit_code, 8) << ended.err;
                marked.expect_output(Marked::rows);
            }
}

TEST(BadRowsTest, AreToldOfInLastLineReportAndStatus)
{
    Marked const marked;
    auto const ended = marked.run({}, 2);
    EXPECT_EQ(ended.exit_code, 8) << ended.err;
    auto const count = Marked::rows.size();
    EXPECT_TRUE(ended.out.starts_with("dist-infer: done rows=100 skipped=" + number(count) + " seconds=")) << ended.out;
    EXPECT_NE(ended.err.find(number(count) +
                             " of 100 rows were skipped (the first is row 2: AssertionError: a row is marked)"),
              std::string::npos)
        << ended.err;
    auto const report = report_of(marked);
    EXPECT_EQ(report["exit_code"], 8);
    EXPECT_EQ(report["result"]["rows_skipped"], count);
    ASSERT_EQ(report["bad_rows"].size(), count);
    EXPECT_EQ(report["bad_rows"][1]["row"], 8);
    EXPECT_EQ(report["bad_rows"][1]["reason"], Marked::reason);
    auto const status = run_program({"status", marked.config()});
    EXPECT_EQ(status.exit_code, 8);
    EXPECT_NE(status.out.find(number(count) + " skipped rows"), std::string::npos) << status.out;
}

TEST(BadRowsTest, ASecondStartChangesNothingAndSaysHowToRetry)
{
    Marked const marked;
    ASSERT_EQ(marked.run().exit_code, 8);
    auto const output = marked.workshop().read("out.h5");
    auto const ledger = marked.workshop().read("out.h5.ledger");
    auto const report = marked.workshop().read("report.json");
    for (int const ranks : {0, 2}) {
        auto const ended = marked.run({}, ranks);
        EXPECT_EQ(ended.exit_code, 8) << ended.err;
        EXPECT_NE(ended.err.find("is complete, with 15 of 100 rows skipped"), std::string::npos) << ended.err;
        EXPECT_NE(ended.err.find("--retry-bad"), std::string::npos) << ended.err;
        EXPECT_EQ(ended.out, "dist-infer: complete exit_code=8 rows=100 skipped=15\n");
    }
    EXPECT_EQ(marked.run({"--set", "run.resume=never"}).exit_code, 7) << "it exists";
    EXPECT_EQ(marked.workshop().read("out.h5"), output);
    EXPECT_EQ(marked.workshop().read("out.h5.ledger"), ledger);
    EXPECT_EQ(marked.workshop().read("report.json"), report);
    EXPECT_EQ(marked.run({"--if-exists", "overwrite"}).exit_code, 8) << "all rows are run again";
    EXPECT_EQ(report_of(marked)["result"]["rows_resumed"], 0);
    marked.expect_output(Marked::rows);
}

TEST(BadRowsTest, ThoseOfAFinishedOutputAreRunAgainWhenAsked)
{
    Marked const marked;
    ASSERT_EQ(marked.run({}, 2).exit_code, 8);
    auto ended = marked.run({"--retry-bad"}, 2);
    EXPECT_EQ(ended.exit_code, 8) << ended.err;
    marked.expect_output(Marked::rows);

    for (std::uint64_t const row : {2U, 31U, 44U}) marked.mend(row);
    std::set<std::uint64_t> left = Marked::rows;
    for (std::uint64_t const row : {2U, 31U, 44U}) left.erase(row);
    ended = marked.run({"--retry-bad", "--set", "run.window=1MiB", "--set", "output.write=direct"}, 3);
    EXPECT_EQ(ended.exit_code, 8) << ended.err;
    marked.expect_output(left);
    EXPECT_EQ(report_of(marked)["result"]["rows_resumed"], 100 - 6 * 8 - 4) << "whole batches are run, and no other";

    for (auto const row : left) marked.mend(row);
    ended = marked.run({"--retry-bad"});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    marked.expect_output({});
    EXPECT_EQ(run_program({"status", marked.config()}).exit_code, 0);
}

/// What is run again is known from the ledger alone; a job that has not begun has no need of it.
TEST(BadRowsTest, ARetryWithoutTheLedgerIsRefused)
{
    Marked const marked;
    ASSERT_EQ(marked.run().exit_code, 8);
    std::filesystem::remove(marked.workshop() / "out.h5.ledger");
    auto const output = marked.workshop().read("out.h5");
    auto const ended = marked.run({"--retry-bad", "--if-exists", "overwrite"});
    EXPECT_EQ(ended.exit_code, 7) << ended.err;
    for (auto const* words : {"--retry-bad has nothing to run again", "out.h5.ledger"})
        EXPECT_NE(ended.err.find(words), std::string::npos) << words << ended.err;
    EXPECT_EQ(marked.workshop().read("out.h5"), output);
    marked.remove_output();
    EXPECT_EQ(marked.run({"--retry-bad"}).exit_code, 8);
    marked.expect_output(Marked::rows);
}

TEST(BadRowsTest, FailingNamesFileDatasetAndRows)
{
    Marked const marked;
    for (std::uint64_t const row : {2U, 8U}) {
        // One rank meets them in order.
        auto const ended = marked.run({"--set", "run.on_bad_row=fail"}, row == 2 ? 2 : 0);
        EXPECT_EQ(ended.exit_code, 4);
        ASSERT_EQ(ended.error_lines().size(), 1U) << ended.err;
        auto const rows = row == 2 ? "rows 0 to 7" : "rows 8 to 15";
        for (auto const& words : {std::string{"the model failed on "} + rows + " of /x in ", std::string{"data.h5"},
                                  std::string{"a row is marked"}})
            EXPECT_NE(ended.err.find(words), std::string::npos) << words << ended.err;
        marked.mend(row); // the first batch fails before a row moves, the second while they do
        marked.remove_output();
    }
}

/// Whoever meets a bad row after hours keeps what is recorded.
TEST(BadRowsTest, AJobThatFailedAtOneGoesOnWithoutIt)
{
    Marked const marked;
    marked.mend(2);
    ASSERT_EQ(marked.run({"--set", "run.on_bad_row=fail"}).exit_code, 4);
    ASSERT_TRUE(marked.workshop().exists("out.h5.ledger"));
    auto const ended = marked.run();
    EXPECT_EQ(ended.exit_code, 8) << ended.err;
    EXPECT_NE(ended.err.find("going on with"), std::string::npos) << ended.err;
    auto bad = Marked::rows;
    bad.erase(2);
    marked.expect_output(bad);
}

TEST(BadRowsTest, AModelThatRunsNoRowIsNoModelToSkipRowsWith)
{
    Marked const marked;
    save_script(marked.workshop() / "model.pt",
                "def forward(self, x):\n    assert x.size(0) < 0, 'never'\n    return x, x\n");
    auto const ended = marked.run({}, 2);
    EXPECT_EQ(ended.exit_code, 4) << ended.err;
    EXPECT_NE(ended.err.find("fails on each of the first 100 rows (AssertionError: never)"), std::string::npos)
        << ended.err;
    EXPECT_FALSE(marked.workshop().exists("out.h5.part"));
}

TEST(BadRowsTest, AnotherShapeIsNoBadRow)
{
    Marked const marked;
    save_script(marked.workshop() / "model.pt",
                "def forward(self, x):\n    n = 1 + int((x[:, 0] > 1000).any())\n    return torch.zeros([x.size(0), "
                "n]), x\n");
    auto const ended = marked.run();
    EXPECT_EQ(ended.exit_code, 4) << ended.err;
    EXPECT_NE(ended.err.find("in the first batch"), std::string::npos) << ended.err;
}

TEST(BadRowsTest, MemoryThatRunsOutIsNoBadRow)
{
    Marked const marked;
    save_script(marked.workshop() / "model.pt",
                "def forward(self, x):\n    if bool((x[:, 0] > 1000).any()):\n        return torch.zeros([1 << 45]), "
                "x\n    return x, x\n");
    auto const ended = marked.run();
    EXPECT_EQ(ended.exit_code, 4) << ended.err;
    EXPECT_NE(ended.err.find("memory"), std::string::npos) << ended.err;
}

TEST(NonfiniteTest, IsAResultUnlessItIsRefused)
{
    WithNan const job;
    EXPECT_EQ(job.run({}).exit_code, 0);
    EXPECT_TRUE(std::isnan(
        reinterpret_cast<float const*>(read_dataset(job.workshop / "out.h5", "/y").data())[std::size_t{42} * 4]));
}

TEST(NonfiniteTest, EndsTheJobOrIsSkipped)
{
    WithNan const job;
    auto ended = job.run({"run.refuse_nonfinite=true"});
    EXPECT_EQ(ended.exit_code, 4);
    for (auto const* words : {"a result of row 42 of /x in ", "data.h5", "NaN in /y"})
        EXPECT_NE(ended.err.find(words), std::string::npos) << words << ended.err;

    ended = job.run({"run.refuse_nonfinite=true", "run.on_bad_row=skip"});
    EXPECT_EQ(ended.exit_code, 8) << ended.err;
    EXPECT_NE(ended.err.find("the first is row 42: NaN in /y"), std::string::npos) << ended.err;
    auto const z = read_dataset(job.workshop / "out.h5", "/z");
    std::int64_t of_row = -1;
    std::memcpy(&of_row, z.data() + 42 * sizeof of_row, sizeof of_row);
    EXPECT_EQ(of_row, 0) << "every output of a bad row holds the fill value";
}

} // namespace distinfer::test
