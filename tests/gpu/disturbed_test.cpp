#include "e2e/marked.hpp"
#include "fault/ground.hpp"
#include "fault/job.hpp"
#include "gpu/on_gpu.hpp"

namespace distinfer::test
{

namespace
{

using DisturbedOnGpu = OnGpu;

/// A few seconds of small batches on the GPU; no device is named, so that it takes the one that is visible.
Extent const work{.rows = 8'000, .ranks = 0, .work = 60};

/// Kills the job each time when it has recorded more than before, until it is done. @returns how often
int kill_until_done(Ground const& ground, std::vector<std::string> const& options, Start const& start)
{
    int kills = 0;
    for (int attempts = 0; attempts < 8 && !ground.is_finished(); ++attempts) {
        auto const before = ground.rows_recorded();
        Job job{program_path(), ground.config(), options, start};
        // The last one is let be.
        if (attempts < 3) job.runs_until([&] { return ground.rows_recorded() > before + 500 || ground.is_finished(); });
        if (attempts < 3) job.kill_all();
        int const code = job.wait(50);
        if (code == 128 + 9)
            ++kills;
        else
            EXPECT_EQ(code, 0) << job.err();
    }
    return kills;
}

} // namespace

TEST_F(DisturbedOnGpu, AKilledJobGoesOnAndEndsWithTheBitsOfAnUndisturbedOne)
{
    Ground const ground{work};
    EXPECT_GE(kill_until_done(ground, {"--device", gpu_device()}, {}), 1);
    ground.expect_right_output();
}

TEST_F(DisturbedOnGpu, TwoRanksThatShareTheGpuGoOnLikewise)
{
    Ground const ground{work};
    std::vector<std::string> const options{"--device", gpu_device(), "--set", "run.share_device=true"};
    EXPECT_GE(kill_until_done(ground, options, {.ranks = 2, .environment = {"CUDA_VISIBLE_DEVICES=0"}}), 1);
    ground.expect_right_output();
}

TEST_F(DisturbedOnGpu, BadRowsAreFoundAndTheOthersKeepTheirBits)
{
    Marked const marked;
    auto const ended = marked.run({"--device", gpu_device()});
    EXPECT_EQ(ended.exit_code, 8) << ended.err;
    marked.expect_output(Marked::rows, gpu_device());
}

} // namespace distinfer::test
