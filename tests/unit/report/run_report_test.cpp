#include "distinfer/report/run_report.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace distinfer::report
{

TEST(RankReportTest, RoundTrips)
{
    RankReport const rank{
        .rank = 0,
        .host = "node1",
        .node = 6,
        .cores = {2, 3},
        .numa = {1},
        .device = "cuda:1",
        .gpu = GpuReport{.uuid = "GPU-1", .bus = "0000:3b:00.0", .model = "H100", .memory_bytes = 5, .numa = 1},
        .fetch = {.windows = 7, .bytes = 1ULL << 40, .busy = 0.5, .starved = 0.25, .blocked = 2},
        .infer = {.windows = 3},
        .store = {.windows = 7},
        .peak_memory_bytes = 1ULL << 33};
    auto const copy = decode_rank(encode(rank));
    EXPECT_EQ(copy.host, "node1");
    EXPECT_EQ(copy.cores, rank.cores);
    EXPECT_EQ(copy.node, 6);
    EXPECT_EQ(copy.numa, rank.numa);
    EXPECT_EQ(copy.device, "cuda:1");
    ASSERT_TRUE(copy.gpu);
    EXPECT_EQ(copy.gpu->uuid, "GPU-1");
    EXPECT_EQ(copy.gpu->bus, "0000:3b:00.0");
    EXPECT_EQ(copy.gpu->model, "H100");
    EXPECT_EQ(copy.gpu->memory_bytes, 5U);
    EXPECT_EQ(copy.gpu->numa, 1);
    EXPECT_EQ(copy.fetch.bytes, 1ULL << 40);
    EXPECT_EQ(copy.fetch.blocked, 2);
    EXPECT_EQ(copy.infer.windows, 3U);
    EXPECT_EQ(copy.store.windows, 7U);
    EXPECT_EQ(copy.peak_memory_bytes, 1ULL << 33);
}

TEST(RankReportTest, ARankOnTheCpuHasNoGpu)
{
    EXPECT_FALSE(decode_rank(encode(RankReport{.rank = 1})).gpu);
    auto const known = decode_rank(encode(RankReport{.gpu = GpuReport{.uuid = "GPU-1"}}));
    EXPECT_FALSE(known.gpu->numa) << "not known";
}

TEST(RankReportTest, StagesThatARankDoesNotHaveAreLeftOut)
{
    auto const json = nlohmann::json::parse(encode(RankReport{.rank = 1}));
    EXPECT_FALSE(json["stages"].contains("fetch"));
    EXPECT_FALSE(json["stages"].contains("store"));
}

TEST(RankReportTest, RefusesWhatIsNone)
{
    EXPECT_THROW(decode_rank("{}"), InternalError);
    EXPECT_THROW(decode_rank("no json"), InternalError);
}

TEST(RunReportTest, TellsResultAndRate)
{
    auto const json = nlohmann::json::parse(to_json(RunReport{.rows = 100, .rows_stored = 100, .run_seconds = 4}));
    EXPECT_EQ(json["status"], "done");
    EXPECT_EQ(json["error"], nullptr);
    EXPECT_EQ(json["result"]["rows_per_second"], 25.0);
    EXPECT_TRUE(json["build"].contains("libtorch"));
}

TEST(RunReportTest, TellsHowTheModelWasLoaded)
{
    auto const json = nlohmann::json::parse(
        to_json(RunReport{.model_load = {.bytes = 7, .copies = 2, .send_seconds = 0.5, .load_seconds = 3}}));
    EXPECT_EQ(json["model"]["bytes"], 7);
    EXPECT_EQ(json["model"]["copies"], 2);
    EXPECT_EQ(json["model"]["send_seconds"], 0.5);
    EXPECT_EQ(json["model"]["load_seconds"], 3.0);
}

TEST(RunReportTest, ListsBadRows)
{
    auto const json = nlohmann::json::parse(to_json(RunReport{
        .exit_code = ExitCode::skipped, .rows_skipped = 200, .bad_rows = {{3, "NaN in /y"}, {7, "too large"}}}));
    EXPECT_EQ(json["status"], "done with skipped rows");
    EXPECT_EQ(json["exit_code"], 8);
    EXPECT_EQ(json["result"]["rows_skipped"], 200);
    ASSERT_EQ(json["bad_rows"].size(), 2U);
    EXPECT_EQ(json["bad_rows"][1]["row"], 7);
    EXPECT_EQ(json["bad_rows"][1]["reason"], "too large");
}

TEST(RunReportTest, TellsAFailureEvenIfItsMessageIsNotUtf8)
{
    auto const json = nlohmann::json::parse(to_json(RunReport{.exit_code = ExitCode::input, .error = "bad \xff name"}));
    EXPECT_EQ(json["status"], "failed");
    EXPECT_EQ(json["exit_code"], 3);
    EXPECT_NE(json["error"].get<std::string>().find("bad "), std::string::npos);
}

} // namespace distinfer::report
