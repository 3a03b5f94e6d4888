#include "e2e/program.hpp"
#include "e2e/workshop.hpp"
#include "support/hdf5_file.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace distinfer::test
{

namespace
{

/// A config whose model has a further key.
std::string config_with(Workshop const& workshop, std::string const& key)
{
    return workshop.config({{"path: model.pt", "path: model.pt\n  " + key}});
}

std::size_t times_in(std::string const& text, std::string const& words)
{
    std::size_t times = 0;
    for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++times;
    return times;
}

} // namespace

TEST(PrecisionTest, WhatItChangesIsToldOnce)
{
    Workshop const workshop;
    auto const ended = run_program({config_with(workshop, "precision: bfloat16")}, {.ranks = 2});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(times_in(ended.err, "beside float32, on the first 8 rows: /y changes by up to"), 1U) << ended.err;
    auto const report = nlohmann::json::parse(workshop.read("report.json"));
    EXPECT_EQ(report["outputs"][0]["dtype"], "bfloat16");
    EXPECT_EQ(report["precision_effects"][0]["dataset"], "/y");
    EXPECT_GT(report["precision_effects"][0]["absolute"], 0.0);
    EXPECT_LT(report["precision_effects"][0]["absolute"], 0.1);
}

TEST(PrecisionTest, IsTheSameForAnyNumberOfRanks)
{
    Workshop const workshop;
    std::vector<std::byte> first;
    for (int const ranks : {1, 3}) {
        auto const ended =
            run_program({config_with(workshop, "autocast: true"), "--if-exists", "overwrite"}, {.ranks = ranks});
        ASSERT_EQ(ended.exit_code, 0) << ended.err;
        auto const y = read_dataset(workshop / "out.h5", "/y");
        if (first.empty()) first = y;
        EXPECT_EQ(y, first) << ranks;
    }
}

TEST(PrecisionTest, WhatACpuDoesNotHaveIsRefused)
{
    Workshop const workshop;
    auto const ended = run_program({config_with(workshop, "precision: tf32"), "--device", "cpu"});
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_NE(ended.err.find("tf32 cannot be had on a CPU"), std::string::npos) << ended.err;
}

TEST(StatefulTest, IsRefusedUnlessDeclared)
{
    Workshop const workshop;
    save_script(workshop / "model.pt", "def forward(self, x):\n    return torch.dropout(x, 0.5, True), x\n");
    auto const refused = run_program({workshop.config()}, {.ranks = 2});
    EXPECT_EQ(refused.exit_code, 4);
    EXPECT_NE(refused.err.find("model.stateful: true"), std::string::npos) << refused.err;
    EXPECT_FALSE(workshop.exists("out.h5.part"));
    EXPECT_EQ(run_program({config_with(workshop, "stateful: true")}, {.ranks = 2}).exit_code, 0);
}

/// The sanitizer's allocator ends the process, where malloc gives nothing.
TEST(OutOfMemoryTest, ABatchThatDoesNotFitIsRunInParts)
{
    Workshop const workshop;
    save_script(workshop / "model.pt",
                "def forward(self, x):\n    if x.size(0) > 5:\n        return torch.zeros([1 << 45]), x\n"
                "    return x * x, x\n");
    auto const ended =
        run_program({workshop.config()}, {.ranks = 2, .environment = {"ASAN_OPTIONS=allocator_may_return_null=1"}});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(read_dataset(workshop / "out.h5", "/y"),
              reference_loop(workshop / "model.pt", {workshop.input()}, 4, 1)[0].bytes);
    // 100 rows are 12 batches of 8, and one of 4, which fits.
    EXPECT_EQ(nlohmann::json::parse(workshop.read("report.json"))["result"]["batches_in_parts"], 12);
    EXPECT_GE(times_in(ended.err, "is run in parts"), 1U) << ended.err;
    EXPECT_LE(times_in(ended.err, "is run in parts"), 2U) << "once a rank";
}

} // namespace distinfer::test
