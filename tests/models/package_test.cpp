#include "distinfer/app/run_job.hpp"
#include "distinfer/comm/serial.hpp"
#include "distinfer/file/file.hpp"
#include "e2e/program.hpp"
#include "support/hdf5_file.hpp"
#include "support/temporary_folder.hpp"
#include "support/undisturbed.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace distinfer::test
{

namespace
{

constexpr std::uint64_t rows = 70; // as tests/models/net.py has it
TensorSpec const image{DType::float32, {1, 6, 6}};
TensorSpec const extra{DType::uint8, {5}};

std::string made(std::string const& name)
{
    return std::string{PACKAGES} + "/" + name;
}

/// What make_packages.py wrote.
std::vector<std::byte> made_bytes(std::string const& name)
{
    return file::read_file(made(name), ExitCode::input);
}

float largest_difference(std::vector<std::byte> const& a, std::vector<std::byte> const& b)
{
    if (a.size() != b.size()) return INFINITY;
    float largest = 0;
    for (std::size_t i = 0; i < a.size(); i += sizeof(float)) {
        float x = 0;
        float y = 0;
        std::memcpy(&x, a.data() + i, sizeof x);
        std::memcpy(&y, b.data() + i, sizeof y);
        largest = std::max(largest, std::abs(x - y));
    }
    return largest;
}

/// A job that runs one of the packages over the rows that Python made too.
class PackageTest : public testing::Test
{
  protected:
    void SetUp() override
    {
        if (!std::filesystem::exists(made("made-by.txt")))
            GTEST_SKIP() << "skipped: there are no packages, because Python's torch could not compile them (see the "
                            "test model_packages); tools/setup --test installs it";
        write_dataset(data(), "/image", image, rows, made_bytes("image.bin"));
        write_dataset(data(), "/extra", extra, rows, made_bytes("extra.bin"));
    }

    std::string data() const { return folder_ / "data.h5"; }
    std::string output() const { return folder_ / "out.h5"; }

    /// @param model further keys of the config's model section
    std::string config(std::string const& file, std::uint64_t batch, std::string const& model = "") const
    {
        std::ofstream{folder_ / "config.yaml"} << "input: {files: data.h5}\n"
                                               << "model: {path: " << made(file) << model << "}\n"
                                               << "output: {file: out.h5}\n"
                                               << "run: {batch: " << batch << ", threads: 1, device: cpu}\n";
        return folder_ / "config.yaml";
    }

    ExitCode run(std::string const& file, std::uint64_t batch, std::string const& model = "")
    {
        comm::SerialCommunicator communicator;
        comm::SerialTransport transport;
        testing::internal::CaptureStderr();
        Undisturbed nobody;
        app::Takeover takeover;
        auto const code =
            app::run_job({.config_path = config(file, batch, model)}, {communicator, transport, "", nobody, takeover});
        said_ = testing::internal::GetCapturedStderr();
        return code;
    }

    /// The output has the bits of Python's run of that package, and is near to the model itself.
    void expect_results_of(std::string const& name) const
    {
        auto const logits = read_dataset(output(), "/logits");
        EXPECT_EQ(logits, made_bytes(name + ".logits.bin"));
        EXPECT_EQ(read_dataset(output(), "/best"), made_bytes(name + ".best.bin"));
        EXPECT_LT(largest_difference(logits, made_bytes("eager.logits.bin")), 1e-6);
    }

    void expect_refused(ExitCode wanted, std::string const& file, std::uint64_t batch, std::string const& model,
                        std::initializer_list<std::string_view> words)
    {
        EXPECT_EQ(run(file, batch, model), wanted);
        for (auto const word : words) EXPECT_NE(said_.find(word), std::string::npos) << word << " not in: " << said_;
        EXPECT_FALSE(std::filesystem::exists(output()));
        EXPECT_FALSE(std::filesystem::exists(output() + ".part"));
    }

    std::string said_;

  private:
    TemporaryFolder folder_;
};

constexpr auto both_inputs = ", inputs: [{dataset: /image}, {dataset: /extra}]";

} // namespace

TEST_F(PackageTest, ARangeOfBatchesNamesItsInputsAndOutputs)
{
    ASSERT_EQ(run("range.pt2", 16), ExitCode::done) << said_;
    expect_results_of("range");
}

TEST_F(PackageTest, EveryBatchOfTheRangeRuns)
{
    for (auto const batch : {1u, 2u, 15u, 33u, 64u}) {
        ASSERT_EQ(run("range.pt2", batch), ExitCode::done) << "batch " << batch << ": " << said_;
        EXPECT_LT(largest_difference(read_dataset(output(), "/logits"), made_bytes("eager.logits.bin")), 1e-6);
        std::filesystem::remove(output());
    }
}

TEST_F(PackageTest, AFixedBatchFillsUpTheLastOne)
{
    ASSERT_EQ(run("fixed.pt2", 8), ExitCode::done) << said_;
    expect_results_of("fixed");
}

TEST_F(PackageTest, APackageOfTorchAloneRunsAtItsBatch)
{
    ASSERT_EQ(run("plain.pt2", 8, std::string{both_inputs} + ", outputs: [{dataset: /logits}, {dataset: /best}]"),
              ExitCode::done)
        << said_;
    expect_results_of("plain");
}

TEST_F(PackageTest, TorchScriptOfTheSameModelAgrees)
{
    ASSERT_EQ(run("traced.pt", 16), ExitCode::done) << said_;
    EXPECT_LT(largest_difference(read_dataset(output(), "/logits"), made_bytes("eager.logits.bin")), 1e-6);
    EXPECT_EQ(read_dataset(output(), "/best"), made_bytes("eager.best.bin"));
}

TEST_F(PackageTest, TwoRanksGiveTheSameBits)
{
    auto const ended = run_program({config("range.pt2", 16)}, {.ranks = 2});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    expect_results_of("range");
}

TEST_F(PackageTest, BatchesThatItWasNotCompiledForAreRefused)
{
    expect_refused(ExitCode::usage, "fixed.pt2", 16, "", {"batches of 8 rows", "set run.batch: 8"});
    expect_refused(ExitCode::usage, "range.pt2", 65, "", {"batches of 1 to 64 rows", "run.batch is 65"});
    expect_refused(ExitCode::model, "plain.pt2", 16, both_inputs,
                   {"refused /image as float32[16,1,6,6]", "standard error"});
}

TEST_F(PackageTest, AnotherTypeIsRefused)
{
    expect_refused(ExitCode::model, "range.pt2", 16, ", inputs: [{dataset: /image, dtype: float64}, {dataset: /extra}]",
                   {"input 'image'", "float64[rows,1,6,6]", "set dtype: float32"});
    expect_refused(ExitCode::model, "plain.pt2", 8, ", inputs: [{dataset: /image, dtype: float64}, {dataset: /extra}]",
                   {"refused /image as float64[8,1,6,6]"});
}

TEST_F(PackageTest, AnotherShapeIsRefused)
{
    expect_refused(ExitCode::model, "range.pt2", 16, ", inputs: [{dataset: /image}, {dataset: /image, dtype: uint8}]",
                   {"input 'extra'", "uint8[rows,5]", "uint8[rows,1,6,6]"});
}

TEST_F(PackageTest, AnotherNumberOfInputsIsRefused)
{
    expect_refused(ExitCode::model, "range.pt2", 16, ", inputs: [{dataset: /image}]", {"takes 2 inputs", "gives 1"});
    expect_refused(ExitCode::model, "range.pt2", 16, ", inputs: [{dataset: /image}, {constant: 3}]",
                   {"takes no constant"});
    expect_refused(ExitCode::model, "plain.pt2", 8, ", inputs: [{dataset: /image}]", {"refused", "inputs"});
    expect_refused(ExitCode::model, "plain.pt2", 8, ", inputs: [{dataset: /image}, {constant: 3}]", {"Tensor"});
}

TEST_F(PackageTest, AnExportedProgramIsRefusedWithTheWayToCompileIt)
{
    expect_refused(ExitCode::model, "exported.pt2", 8, both_inputs, {"torch.export program", "tools/export_model.py"});
}

TEST_F(PackageTest, PackagesForOtherMachinesAreRefused)
{
    expect_refused(ExitCode::model, "elsewhere.pt2", 8, "", {"compiled for pdp11"});
    expect_refused(ExitCode::model, "gpu.pt2", 8, "", {"compiled for the device 'cuda'", "runs on cpu"});
}

} // namespace distinfer::test
