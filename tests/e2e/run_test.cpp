#include "distinfer/device/host.hpp"
#include "e2e/program.hpp"
#include "e2e/workshop.hpp"
#include "support/hdf5_file.hpp"
#include "support/npy_file.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>

namespace distinfer::test
{

namespace
{

void expect_right_output(Workshop const& workshop, Ended const& ended)
{
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    auto const expected = workshop.expected();
    EXPECT_EQ(read_dataset(workshop / "out.h5", "/y"), expected[0].bytes);
    EXPECT_EQ(read_dataset(workshop / "out.h5", "/z"), expected[1].bytes);
    EXPECT_FALSE(workshop.exists("out.h5.part"));
}

} // namespace

TEST(RunTest, OneProcessWithoutMpirun)
{
    Workshop const workshop;
    expect_right_output(workshop, run_program({workshop.config()}));
}

TEST(RunTest, SeveralRanksAndSchedules)
{
    Workshop const workshop;
    for (int const ranks : {1, 2, 3})
        for (auto const* schedule : {"dynamic", "static"})
            expect_right_output(
                workshop,
                run_program({workshop.config(), "--schedule", schedule, "--if-exists", "overwrite"}, {.ranks = ranks}));
}

TEST(RunTest, MoreRanksThanRows)
{
    Workshop const workshop;
    auto const few = random_rows({DType::float32, {6}}, 2);
    write_dataset(workshop / "few.h5", "/x", few.spec, few.rows, few.bytes);
    auto const ended = run_program({workshop.config({{"data.h5", "few.h5"}})}, {.ranks = 3});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(read_dataset(workshop / "out.h5", "/y"),
              reference_loop(workshop / "model.pt", {few}, Workshop::batch, 1)[0].bytes);
}

TEST(RunTest, LastLineIsForScripts)
{
    Workshop const workshop;
    auto const ended = run_program({workshop.config()}, {.ranks = 2});
    EXPECT_TRUE(ended.out.starts_with("dist-infer: done rows=100 seconds=")) << ended.out;
    EXPECT_NE(ended.out.find(" output="), std::string::npos);
    EXPECT_EQ(std::count(ended.out.begin(), ended.out.end(), '\n'), 1);
}

TEST(RunTest, ReportTellsWhatRanAndWhere)
{
    Workshop const workshop;
    run_program({workshop.config()}, {.ranks = 2});
    auto const report = nlohmann::json::parse(workshop.read("report.json"));
    EXPECT_EQ(report["status"], "done");
    EXPECT_EQ(report["exit_code"], 0);
    EXPECT_EQ(report["result"]["rows_stored"], 100);
    EXPECT_EQ(report["result"]["threads"], 1);
    EXPECT_EQ(report["model"]["format"], "TorchScript");
    EXPECT_EQ(report["outputs"][0]["dataset"], "/y");
    EXPECT_EQ(report["config"]["origins"]["run.schedule"], "default");
    ASSERT_EQ(report["ranks"].size(), 2U);
    std::uint64_t windows = 0;
    for (auto const& rank : report["ranks"]) {
        EXPECT_FALSE(rank["host"].get<std::string>().empty());
        EXPECT_FALSE(rank["cores"].empty());
        EXPECT_EQ(rank["node"], 0) << "both are on the node of rank 0";
        EXPECT_TRUE(rank["numa"].is_array());
        EXPECT_EQ(rank["device"], "cpu");
        EXPECT_EQ(rank["gpu"], nullptr);
        windows += rank["stages"]["infer"]["windows"].get<std::uint64_t>();
    }
    EXPECT_EQ(windows, report["result"]["windows"]);
    EXPECT_EQ(report["ranks"][0]["stages"]["store"]["windows"], report["result"]["windows"]);
    EXPECT_GT(report["result"]["rows_per_second"], 0.0);
}

TEST(RunTest, TheModelIsLoadedOnceForEachNode)
{
    Workshop const workshop;
    run_program({workshop.config()}, {.ranks = 3});
    auto const model = nlohmann::json::parse(workshop.read("report.json"))["model"];
    EXPECT_EQ(model["bytes"], workshop.read("model.pt").size());
    EXPECT_EQ(model["copies"], 1);
    EXPECT_GT(model["load_seconds"], 0.0);
    EXPECT_GE(model["send_seconds"], 0.0);
}

TEST(RunTest, TellsOnceWhereRanksRun)
{
    Workshop const workshop;
    auto const ended = run_program({workshop.config()}, {.ranks = 2});
    EXPECT_TRUE(ended.err.starts_with("dist-infer: ranks 0-1 on ")) << ended.err;
    EXPECT_TRUE(ended.err.ends_with(", cpu\n")) << ended.err;
    EXPECT_EQ(std::count(ended.err.begin(), ended.err.end(), '\n'), 1) << ended.err;
}

TEST(RunTest, RanksThatAreBoundToOneCoreOfSeveralAreToldOnce)
{
    if (device::cores_to_be_had().size() < 2) GTEST_SKIP() << "skipped: there is one core only";
    Workshop const workshop;
    auto const core = std::to_string(device::cores_to_be_had().front());
    auto const ended = run_shell("taskset -c " + core +
                                 " " MPIEXEC " --oversubscribe --bind-to none -np 2 " PROGRAM " " + workshop.config());
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_NE(ended.err.find("warning: 2 of 2 ranks are bound to one core each"), std::string::npos) << ended.err;
    EXPECT_EQ(ended.err.find("warning:"), ended.err.rfind("warning:")) << ended.err;
}

TEST(RunTest, OutputTellsWhatMadeIt)
{
    Workshop const workshop;
    run_program({workshop.config()});
    auto const report = nlohmann::json::parse(workshop.read("report.json"));
    EXPECT_EQ(read_attribute(workshop / "out.h5", "/dist-infer", "model_sha256"), report["model"]["sha256"]);
    EXPECT_EQ(read_attribute(workshop / "out.h5", "/dist-infer", "batch"), "8");
}

TEST(RunTest, AnExistingOutputStaysUnlessAskedFor)
{
    Workshop const workshop;
    workshop.write("out.h5", "precious");
    auto const refused = run_program({workshop.config()}, {.ranks = 2});
    EXPECT_EQ(refused.exit_code, 7);
    EXPECT_EQ(workshop.read("out.h5"), "precious");
    expect_right_output(workshop, run_program({workshop.config(), "--if-exists", "overwrite"}));
}

TEST(RunTest, LaterSourcesOfTheConfigWin)
{
    Workshop const workshop;
    auto const batch_of = [&](std::vector<std::string> arguments, std::vector<std::string> environment) {
        arguments.insert(arguments.begin(), {workshop.config(), "--if-exists", "overwrite"});
        EXPECT_EQ(run_program(arguments, {.ranks = 2, .environment = environment}).exit_code, 0);
        return nlohmann::json::parse(workshop.read("report.json"))["result"]["batch"].get<int>();
    };
    EXPECT_EQ(batch_of({}, {}), 8);
    EXPECT_EQ(batch_of({}, {"DIST_INFER_RUN_BATCH=9"}), 9);
    EXPECT_EQ(batch_of({"--set", "run.batch=10"}, {"DIST_INFER_RUN_BATCH=9"}), 10);
    EXPECT_EQ(batch_of({"--set", "run.batch=10", "--batch", "11"}, {"DIST_INFER_RUN_BATCH=9"}), 11);
}

TEST(RunTest, ABatchThatIsLeftOpenIsFoundAndTold)
{
    Workshop const workshop;
    auto const config = workshop.config({{"batch: 8", "batch: auto"}});
    ASSERT_EQ(run_program({config}, {.ranks = 2}).exit_code, 0);
    auto const report = nlohmann::json::parse(workshop.read("report.json"));
    auto const batch = report["result"]["batch"].get<std::uint64_t>();
    EXPECT_EQ(read_attribute(workshop / "out.h5", "/dist-infer", "batch"), std::to_string(batch));
    EXPECT_EQ(read_dataset(workshop / "out.h5", "/y"),
              reference_loop(workshop / "model.pt", {workshop.input()}, batch, 1)[0].bytes);
    auto const& tried = report["batch_search"]["tried"];
    EXPECT_TRUE(std::ranges::any_of(tried, [&](auto const& one) { return one["rows"] == batch; })) << tried;
}

TEST(RunTest, InputsAndOutputsMayBeLeftOut)
{
    Workshop const workshop;
    auto const config = workshop.config(
        {{"  inputs:\n    - dataset: /x\n", ""}, {"  outputs:\n    - dataset: /y\n    - dataset: /z\n", ""}});
    auto const ended = run_program({config});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(read_dataset(workshop / "out.h5", "/output_0"), workshop.expected()[0].bytes);
    EXPECT_EQ(read_dataset(workshop / "out.h5", "/output_1"), workshop.expected()[1].bytes);
}

TEST(RunTest, ProgressIsQuietInALogOfAShortRun)
{
    Workshop const workshop;
    auto const ended = run_program({workshop.config()}, {.ranks = 2});
    EXPECT_EQ(ended.err.find('%'), std::string::npos) << ended.err;
}

TEST(RunTest, ProgressIsABarOnATerminal)
{
    Workshop const workshop;
    auto const ended = run_shell("script -qec '" PROGRAM " " + workshop.config() + "' /dev/null");
    EXPECT_NE(ended.out.find("[##############################] 100 % 100/100 rows"), std::string::npos) << ended.out;
}

TEST(CommandTest, HelpAndVersionNeedNeitherMpiNorAConfig)
{
    EXPECT_NE(run_program({"--help"}).out.find("usage: dist-infer CONFIG"), std::string::npos);
    EXPECT_TRUE(run_program({"--version"}).out.starts_with("dist-infer "));
    auto const build = nlohmann::json::parse(run_program({"version", "--json"}).out);
    for (auto const* key : {"version", "git", "compiler", "build_type", "libtorch", "mpi_standard", "hdf5"})
        EXPECT_TRUE(build.contains(key)) << key;
}

TEST(CommandTest, EveryFailureHasALastLineForScripts)
{
    EXPECT_EQ(run_program({"--no-such-option"}).out, "dist-infer: failed exit_code=2\n");
    EXPECT_EQ(run_program({"no-such-config.yaml"}).out, "dist-infer: failed exit_code=2\n");
}

TEST(RunTest, ARefusedOutputLeavesTheReportOfTheGoodRun)
{
    Workshop const workshop;
    EXPECT_EQ(run_program({workshop.config()}).exit_code, 0);
    EXPECT_EQ(run_program({workshop.config()}).exit_code, 7);
    EXPECT_EQ(nlohmann::json::parse(workshop.read("report.json"))["status"], "done");
}

/// A job makes, replaces or removes these beside its output.
TEST(RunTest, AnInputWithTheNameOfAFileOfTheJobIsRefusedAndStays)
{
    for (auto const* name : {"out.h5.part", "out.h5.lock", "out.h5.ledger", "report.json"}) {
        SCOPED_TRACE(name);
        Workshop const workshop;
        std::filesystem::rename(workshop / "data.h5", workshop / name);
        auto const before = workshop.read(name);
        auto const ended = run_program({workshop.config({{"data.h5", name}})});
        EXPECT_EQ(ended.exit_code, 7) << ended.err;
        EXPECT_NE(ended.err.find(name), std::string::npos) << ended.err;
        EXPECT_EQ(workshop.read(name), before);
    }
}

/// The batch that tells what comes out crosses files too.
TEST(RunTest, FilesSmallerThanABatchAreJoined)
{
    Workshop const workshop;
    auto const& spec = workshop.input().spec;
    auto const bytes = std::span{workshop.input().bytes};
    auto const row = row_bytes(spec);
    write_dataset(workshop / "part0.h5", "/x", spec, 1, bytes.first(row));
    write_dataset(workshop / "part1.h5", "/x", spec, 3, bytes.subspan(row, 3 * row));
    write_dataset(workshop / "part2.h5", "/x", spec, Workshop::rows - 4, bytes.subspan(4 * row));
    for (auto const* read : {"scatter", "direct"}) {
        auto const config = workshop.config({{"data.h5", std::string{"part*.h5\n  read: "} + read},
                                             {"file: out.h5", "file: out.h5\n  if_exists: overwrite"}});
        expect_right_output(workshop, run_program({config}, {.ranks = 2}));
    }
}

TEST(RunTest, SeveralFilesAreJoined)
{
    Workshop const workshop;
    auto const row = row_bytes(workshop.input().spec);
    auto const bytes = std::span{workshop.input().bytes};
    for (std::uint64_t part = 0; part < 10; ++part)
        write_dataset(workshop / ("part" + std::to_string(part) + ".h5"), "/x", workshop.input().spec, 10,
                      bytes.subspan(part * 10 * row, 10 * row));
    expect_right_output(workshop, run_program({workshop.config({{"data.h5", "part*.h5"}})}, {.ranks = 2}));
}

TEST(RunTest, ArraysGiveTheOutputOfTheSameDatasets)
{
    Workshop const workshop;
    ASSERT_EQ(run_program({workshop.config()}).exit_code, 0);
    auto const y = read_dataset(workshop / "out.h5", "/y");
    auto const z = read_dataset(workshop / "out.h5", "/z");
    write_npy(workshop / "data.npy", workshop.input().spec, Workshop::rows, workshop.input().bytes);
    for (auto const* read : {"scatter", "direct"}) {
        auto const ended = run_program({workshop.config({{"data.h5", "data.npy"}}), "--set",
                                        std::string{"input.read="} + read, "--if-exists", "overwrite"},
                                       {.ranks = 2});
        ASSERT_EQ(ended.exit_code, 0) << ended.err;
        EXPECT_EQ(read_dataset(workshop / "out.h5", "/y"), y) << read;
        EXPECT_EQ(read_dataset(workshop / "out.h5", "/z"), z) << read;
    }
}

TEST(RunTest, ArraysAndDatasetsAreJoined)
{
    Workshop const workshop;
    auto const bytes = std::span{workshop.input().bytes};
    auto const half = bytes.size() / 2;
    write_npy(workshop / "part0", workshop.input().spec, Workshop::rows / 2, bytes.first(half), {.big_endian = true});
    write_dataset(workshop / "part1", "/x", workshop.input().spec, Workshop::rows / 2, bytes.subspan(half));
    expect_right_output(workshop, run_program({workshop.config({{"data.h5", "[part0, part1]"}})}, {.ranks = 2}));
}

TEST(CommandTest, DumpedDefaultsAreTheFullConfig)
{
    auto const full = run_shell("cat " FULL_CONFIG);
    EXPECT_EQ(run_program({"--dump-default"}).out, full.out);
}

} // namespace distinfer::test
