#include "gpu/on_gpu.hpp"
#include "gpu/pictures.hpp"
#include "gpu/same_rows.hpp"
#include "support/hdf5_file.hpp"

namespace distinfer::test
{

namespace
{

using DeviceOnGpu = OnGpu;

} // namespace

TEST_F(DeviceOnGpu, AutoTakesTheGpuAndTheReportNamesIt)
{
    Pictures const pictures;
    pictures.expect_bits_of_the_loop({"/y", "/best"}, {"run.device=auto"});
    auto const rank = pictures.report()["ranks"][0];
    ON_A_REAL_GPU;
    EXPECT_EQ(rank["device"], "cuda:0");
    EXPECT_FALSE(rank["gpu"].value("model", "").empty()) << rank;
}

TEST_F(DeviceOnGpu, AgreesWithTheCpu)
{
    Pictures const pictures;
    ASSERT_EQ(pictures.run({"run.device=cpu"}).exit_code, 0);
    auto const on_cpu = read_dataset(pictures / "out.h5", "/y");
    ASSERT_EQ(pictures.run().exit_code, 0);
    EXPECT_LT(relative_difference(read_dataset(pictures / "out.h5", "/y"), on_cpu), 1e-5);
}

/// A batch of 32 rows takes 160 GiB, one of 8 rows 40 GiB. Rows of halves may have other last bits.
TEST_F(DeviceOnGpu, ABatchThatDoesNotFitRunsInHalves)
{
    ON_A_REAL_GPU;
    Pictures const pictures{
        {.model = Pictures::network(
             "    x = x + torch.zeros([x.size(0), 5 << 28], device=x.device)[:, :1].reshape([-1, 1, 1, 1])",
             "z, torch.argmax(z, 1)")}};
    auto const ended = pictures.run();
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    auto const loop = pictures.save("loop.pt", Pictures::plain().model);
    auto const wanted = reference_loop(loop, {pictures.input()}, Pictures::batch, 1, gpu_device());
    EXPECT_LT(relative_difference(read_dataset(pictures / "out.h5", "/y"), wanted[0].bytes), 1e-5);
}

/// Halving a batch does not help where one row needs a TiB.
TEST_F(DeviceOnGpu, MemoryThatEndsIsAnErrorThatSaysSo)
{
    ON_A_REAL_GPU;
    Pictures const pictures{
        {.model = Pictures::network("    x = x + torch.zeros([x.size(0), 1 << 38], device=x.device).sum()",
                                    "z, torch.argmax(z, 1)")}};
    for (auto const* on_bad_row : {"run.on_bad_row=fail", "run.on_bad_row=skip"}) {
        auto const ended = pictures.run({on_bad_row});
        EXPECT_EQ(ended.exit_code, 4) << ended.err;
        EXPECT_NE(ended.err.find("out of memory"), std::string::npos) << ended.err;
        EXPECT_NE(ended.err.find("run.batch"), std::string::npos) << ended.err;
    }
}

/// An assertion in a kernel leaves the GPU unusable for the process: the job ends, and tells why.
TEST_F(DeviceOnGpu, AKernelThatFailsEndsTheJob)
{
    ON_A_REAL_GPU;
    Pictures const pictures{{.model = Pictures::network("    x = x + torch.index_select(self.w3.flatten(), 0, "
                                                        "torch.full([1], 1000000, dtype=4, device=x.device)).sum()",
                                                        "z, torch.argmax(z, 1)")}};
    auto const ended = pictures.run({"run.on_bad_row=skip"});
    EXPECT_EQ(ended.exit_code, 4) << ended.err;
    EXPECT_NE(ended.err.find("CUDA error"), std::string::npos) << ended.err;
}

} // namespace distinfer::test
