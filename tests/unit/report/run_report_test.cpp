#include "distinfer/report/run_report.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace distinfer::report
{

TEST(RankReportTest, RoundTrips)
{
    RankReport const rank{.rank = 0,
                          .host = "node1",
                          .cores = {2, 3},
                          .device = "cuda:1",
                          .fetch = {.windows = 7, .bytes = 1ULL << 40, .busy = 0.5, .starved = 0.25, .blocked = 2},
                          .infer = {.windows = 3},
                          .store = {.windows = 7},
                          .peak_memory_bytes = 1ULL << 33};
    auto const copy = decode_rank(encode(rank));
    EXPECT_EQ(copy.host, "node1");
    EXPECT_EQ(copy.cores, rank.cores);
    EXPECT_EQ(copy.device, "cuda:1");
    EXPECT_EQ(copy.fetch.bytes, 1ULL << 40);
    EXPECT_EQ(copy.fetch.blocked, 2);
    EXPECT_EQ(copy.infer.windows, 3U);
    EXPECT_EQ(copy.store.windows, 7U);
    EXPECT_EQ(copy.peak_memory_bytes, 1ULL << 33);
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
