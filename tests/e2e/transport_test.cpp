#include "e2e/program.hpp"
#include "e2e/workshop.hpp"
#include "support/hdf5_file.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace distinfer::test
{

namespace
{

/// Runs the job and holds that its output is right and its report names the transport.
void expect_carried_by(std::string const& carrier, Ended const& ended, Workshop const& workshop)
{
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(ended.err.find("warning"), std::string::npos) << ended.err;
    EXPECT_EQ(read_dataset(workshop / "out.h5", "/y"), workshop.expected()[0].bytes);
    EXPECT_EQ(nlohmann::json::parse(workshop.read("report.json"))["transport"], carrier);
}

Ended run_with(Workshop const& workshop, std::string const& transport, Start const& start)
{
    return run_program({workshop.config(), "--if-exists", "overwrite", "--set", "run.transport=" + transport}, start);
}

} // namespace

TEST(TransportTest, TheReportNamesWhatCarriedTheWindows)
{
    Workshop const workshop;
    expect_carried_by("mpi", run_with(workshop, "mpi", {.ranks = 2}), workshop);
    expect_carried_by("gloo", run_with(workshop, "gloo", {.ranks = 3}), workshop);
    expect_carried_by("none", run_with(workshop, "gloo", {.ranks = 1}), workshop);
    expect_carried_by("none", run_with(workshop, "gloo", {}), workshop);
}

TEST(TransportTest, AutoIsMpiWithoutGpus)
{
    Workshop const workshop;
    auto const ended = run_program({workshop.config(), "--device", "cpu"}, {.ranks = 2});
    expect_carried_by("mpi", ended, workshop);
}

/// In a build without NCCL, and in one with it where the ranks compute on the CPU.
TEST(TransportTest, NcclWithoutAGpuIsRefusedOnceByAllRanksWithTheWayOut)
{
    Workshop const workshop;
    for (int const ranks : {0, 3}) {
        auto const ended = run_with(workshop, "nccl", {.ranks = ranks, .environment = {"DIST_INFER_RUN_DEVICE=cpu"}});
        EXPECT_EQ(ended.exit_code, 5);
        ASSERT_EQ(ended.error_lines().size(), 1U) << ended.err;
        auto const line = ended.error_lines().front();
        EXPECT_NE(line.find("run.transport: nccl cannot be had"), std::string::npos) << line;
        EXPECT_NE(line.find("rank 0 on "), std::string::npos) << line;
        EXPECT_NE(line.find("use run.transport: auto or mpi"), std::string::npos) << line;
    }
}

TEST(TransportTest, GlooListensWhereTheUserSays)
{
    Workshop const workshop;
    auto const on_loopback = run_with(workshop, "gloo", {.ranks = 2, .environment = {"GLOO_SOCKET_IFNAME=lo"}});
    expect_carried_by("gloo", on_loopback, workshop);
    auto const nowhere = run_with(workshop, "gloo", {.ranks = 2, .environment = {"GLOO_SOCKET_IFNAME=none9"}});
    EXPECT_EQ(nowhere.exit_code, 6);
    ASSERT_EQ(nowhere.error_lines().size(), 1U) << nowhere.err;
    EXPECT_NE(nowhere.err.find("no address at interface none9"), std::string::npos) << nowhere.err;
}

} // namespace distinfer::test
