/// What holds without a GPU, and with one that is hidden.

#include "gpu/on_gpu.hpp"
#include "gpu/pictures.hpp"

#include <gtest/gtest.h>

namespace distinfer::test
{

namespace
{

Start const hidden{.environment = {"CUDA_VISIBLE_DEVICES="}};
Start const hidden_from_two{.ranks = 2, .environment = {"CUDA_VISIBLE_DEVICES="}};

} // namespace

TEST(StartOfGpuBuild, TellsItsVersion)
{
    auto const ended = run_program({"version", "--json"});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_FALSE(nlohmann::json::parse(ended.out).at("libtorch").get<std::string>().empty());
}

TEST(StartOfGpuBuild, WithoutAGpuIsRefusedOnceAndAlikeByAllRanks)
{
    Pictures const pictures;
    for (auto const& start : {hidden, hidden_from_two}) {
        auto const ended = pictures.run({"run.device=cuda"}, start);
        EXPECT_EQ(ended.exit_code, 5) << ended.err;
        ASSERT_EQ(ended.error_lines().size(), 1U) << ended.err;
        EXPECT_NE(ended.err.find("no GPU is visible"), std::string::npos) << ended.err;
    }
}

TEST(StartOfGpuBuild, AutoTakesTheCpuWithoutAGpu)
{
    Pictures const pictures;
    auto const ended = pictures.run({"run.device=auto"}, hidden);
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(pictures.report()["ranks"][0]["device"], "cpu");
}

} // namespace distinfer::test
