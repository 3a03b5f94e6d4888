#include "distinfer/file/file.hpp"
#include "e2e/program.hpp"
#include "support/hdf5_file.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace distinfer::test
{

namespace
{

constexpr std::uint64_t rows = 70; // as tests/models/make_scripts.py has it

std::string made(std::string const& name)
{
    return std::string{SCRIPTS} + "/" + name;
}

/// A job that runs one of the scripts over the rows that Python ran it over.
class ScriptTest : public testing::Test
{
  protected:
    void SetUp() override
    {
        if (!std::filesystem::exists(made("made-by.txt")))
            GTEST_SKIP()
                << "skipped: there are no scripts, because there is no Python's torch of the right version (see "
                   "the test model_scripts); tools/setup --test installs it";
        write_dataset(folder_ / "data.h5", "/x", {DType::float32, {1, 6, 6}}, rows,
                      file::read_file(made("x.bin"), ExitCode::input));
    }

    Ended run(std::string const& name, std::string const& model = "") const
    {
        std::ofstream{folder_ / "config.yaml"} << "input: {files: data.h5}\n"
                                               << "model: {path: " << made(name + ".pt") << model
                                               << ", inputs: [{dataset: /x}], outputs: [{dataset: /y}]}\n"
                                               << "output: {file: out.h5, if_exists: overwrite}\n"
                                               << "run: {batch: 8, threads: 1, device: cpu}\n";
        return run_program({folder_ / "config.yaml"}, {.ranks = 2});
    }

    TemporaryFolder folder_;
};

class Int8OrFrozen : public ScriptTest, public testing::WithParamInterface<std::string>
{};

} // namespace

TEST_P(Int8OrFrozen, GivesTheBitsThatPythonGives)
{
    auto const ended = run(GetParam());
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(read_dataset(folder_ / "out.h5", "/y"), file::read_file(made(GetParam() + ".bin"), ExitCode::input));
}

TEST_F(ScriptTest, WhatCannotBeCastIsToldOfPrecision)
{
    auto const frozen = run("frozen", ", precision: bfloat16");
    EXPECT_EQ(frozen.exit_code, 2);
    EXPECT_NE(frozen.err.find("frozen or quantised"), std::string::npos) << frozen.err;
    auto const quantised = run("static", ", precision: bfloat16");
    EXPECT_EQ(quantised.exit_code, 4);
    EXPECT_NE(quantised.err.find("cannot be run in this model.precision"), std::string::npos) << quantised.err;
}

INSTANTIATE_TEST_SUITE_P(Scripts, Int8OrFrozen, testing::Values("dynamic", "static", "frozen"),
                         [](auto const& tested) { return tested.param; });

} // namespace distinfer::test
