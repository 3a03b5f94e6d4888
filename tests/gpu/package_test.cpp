#include "distinfer/file/file.hpp"
#include "e2e/program.hpp"
#include "gpu/on_gpu.hpp"
#include "gpu/same_rows.hpp"
#include "support/hdf5_file.hpp"
#include "support/temporary_folder.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace distinfer::test
{

namespace
{

constexpr std::uint64_t rows = 70; // as make_packages.py has it
TensorSpec const picture{DType::uint8, {3, 32, 32}};
TensorSpec const logits{DType::float32, {10}};

/// A package that Python's torch compiled for the GPU of this machine, and the bits that it gave in Python.
class PackageOnGpu : public OnGpu
{
  protected:
    void SetUp() override
    {
        ON_A_REAL_GPU;
        OnGpu::SetUp();
        if (IsSkipped() || HasFatalFailure()) return;
        char const* const folder = std::getenv("DIST_INFER_TEST_PACKAGES");
        made_ = folder ? folder : PACKAGES;
        if (!std::filesystem::exists(made_ + "/made-by.txt"))
            GTEST_SKIP() << "skipped: there are no packages in " << made_ << "; tests/gpu/make_packages.py makes them";
        write_dataset(folder_ / "data.h5", "/picture", picture, rows, bytes_of("picture.bin"));
    }

    std::vector<std::byte> bytes_of(std::string const& name) const
    {
        return file::read_file(made_ + "/" + name, ExitCode::input);
    }

    Ended run(std::string const& package, std::string const& settings, Start const& start = {}) const
    {
        std::ofstream{folder_ / "config.yaml"} << "input: {files: data.h5}\n"
                                               << "model: {path: " << made_ << "/" << package << "}\n"
                                               << "output: {file: out.h5, if_exists: overwrite}\n"
                                               << "run: {batch: 16, window: 1, threads: 1, " << settings << "}\n";
        return run_program({folder_ / "config.yaml"}, start);
    }

    void expect_bits_of_python(Ended const& ended) const
    {
        ASSERT_EQ(ended.exit_code, 0) << ended.err;
        Rows const wanted{logits, rows, bytes_of("logits.bin")};
        EXPECT_TRUE(are_rows(read_dataset(folder_ / "out.h5", "/logits"), wanted));
    }

  private:
    TemporaryFolder folder_;
    std::string made_;
};

} // namespace

TEST_F(PackageOnGpu, GivesTheBitsThatItGivesInPython)
{
    expect_bits_of_python(run("cuda.pt2", "device: cuda"));
}

TEST_F(PackageOnGpu, GivesThemOnTwoRanksThatShareTheGpu)
{
    expect_bits_of_python(
        run("cuda.pt2", "device: cuda, share_device: true", {.ranks = 2, .environment = {"CUDA_VISIBLE_DEVICES=0"}}));
}

TEST_F(PackageOnGpu, IsRefusedOnTheCpu)
{
    auto const ended = run("cuda.pt2", "device: cpu");
    EXPECT_EQ(ended.exit_code, 4) << ended.err;
    EXPECT_NE(ended.err.find("compiled for the device 'cuda'"), std::string::npos) << ended.err;
}

} // namespace distinfer::test
