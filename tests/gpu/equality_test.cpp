#include "gpu/on_gpu.hpp"
#include "gpu/pictures.hpp"

namespace distinfer::test
{

namespace
{

using EqualityOnGpu = OnGpu;

std::vector<std::string> const both{"/y", "/best"};

/// Two ranks of one host see one GPU, however many it has.
Start const two_ranks{.ranks = 2, .environment = {"CUDA_VISIBLE_DEVICES=0"}};

} // namespace

TEST_F(EqualityOnGpu, EveryScheduleWindowAndModeGivesTheBitsOfThePlainLoop)
{
    Pictures const pictures;
    std::vector<std::vector<std::string>> const forms{
        {},
        {"run.window=1", "run.credits=0"},
        {"run.window=1", "run.schedule=static", "input.read=direct", "output.write=direct"},
        {"run.window=1MiB", "run.credits=5"}};
    for (auto const& form : forms) {
        SCOPED_TRACE(form.empty() ? "as it comes" : form.front() + " " + form.back());
        pictures.expect_bits_of_the_loop(both, form);
    }
}

TEST_F(EqualityOnGpu, TwoRanksThatShareTheGpuGiveTheBitsOfThePlainLoop)
{
    Pictures const pictures;
    for (auto const* schedule : {"run.schedule=dynamic", "run.schedule=static"}) {
        SCOPED_TRACE(schedule);
        pictures.expect_bits_of_the_loop(both, {schedule, "run.window=1", "run.share_device=true"}, two_ranks);
    }
}

TEST_F(EqualityOnGpu, TwoRanksOnOneGpuAreRefusedWhereItIsNotToBeShared)
{
    ON_A_REAL_GPU;
    Pictures const pictures;
    auto const ended = pictures.run({}, two_ranks);
    EXPECT_EQ(ended.exit_code, 5) << ended.err;
    EXPECT_EQ(ended.error_lines().size(), 1U) << ended.err;
}

/// What a compiler of TorchScript fuses rounds differently, and it begins to after a few batches: which they are
/// depends on windows and ranks.
TEST_F(EqualityOnGpu, AChainOfElementwiseOperationsGivesTheBitsOfThePlainLoop)
{
    Pictures const pictures{{.model = Pictures::network(R"(
    for i in range(4):
        x = torch.tanh(x * 1.1 + 0.3) * torch.sigmoid(x * 0.7 - x * x)
)",
                                                        "z, torch.argmax(z, 1)")}};
    pictures.expect_bits_of_the_loop(both, {"run.window=1"});
    pictures.expect_bits_of_the_loop(both, {"run.window=1", "run.share_device=true"}, two_ranks);
}

} // namespace distinfer::test
