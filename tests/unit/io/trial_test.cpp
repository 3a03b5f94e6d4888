// Files over which HDF5 crashes or never ends are one message of the job that wanted to read them.
#include "distinfer/file/file.hpp"
#include "distinfer/io/trial.hpp"
#include "expect_error.hpp"
#include "support/hdf5_file.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <hdf5.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <span>

namespace distinfer::io
{

namespace
{

using namespace std::chrono_literals;

std::uint64_t place_of(std::span<std::byte const> bytes, std::span<std::byte const> file)
{
    return static_cast<std::uint64_t>(std::search(file.begin(), file.end(), bytes.begin(), bytes.end()) - file.begin());
}

class TrialTest : public testing::Test
{
  protected:
    TrialTest()
    {
        std::vector<std::byte> const bytes(48, std::byte{1});
        for (auto const& file : files_)
            test::write_dataset(file, "/x", {DType::float32, {2}}, 6, bytes, {.chunk = {2, 2}, .deflate = 1});
    }

    /// A program in place of ours, in shell.
    std::string program(std::string const& script) const
    {
        auto const path = folder_ / "describe";
        file::write_atomically(path, "#!/bin/sh\n" + script + "\n");
        std::filesystem::permissions(path, std::filesystem::perms::owner_all);
        return path;
    }

    Trial trial() const { return {.files = files_, .datasets = {"/x"}}; }

    test::TemporaryFolder folder_;
    std::vector<std::string> files_{folder_ / "a.h5", folder_ / "b.h5"};
};

} // namespace

TEST_F(TrialTest, TakesTheWayThroughText)
{
    Trial const whole{.files = {"a b.h5", "c\n.h5"},
                      .datasets = {"/x", ""},
                      .passthrough = {"/y"},
                      .plugin_folder = "p",
                      .limits = {7, 3},
                      .external = External::follow};
    EXPECT_EQ(decode_trial(encode(whole)), whole);
    EXPECT_EQ(decode_trial(encode(trial())), trial());
}

TEST_F(TrialTest, GoodFilesPass)
{
    EXPECT_NO_THROW(run_trial_apart(DESCRIBE_PROGRAM, trial()));
    auto const copying = [&] {
        auto copied = trial();
        copied.passthrough = {"/x"};
        return copied;
    };
    EXPECT_NO_THROW(run_trial_apart(DESCRIBE_PROGRAM, copying()));
}

/// What the job itself would say is said, with its exit code.
TEST_F(TrialTest, WhatItFindsIsPassedOn)
{
    auto bad = trial();
    bad.datasets = {"/z"};
    expect_error<Error>([&] { run_trial_apart(DESCRIBE_PROGRAM, bad); }, {"no dataset '/z' in " + files_[0], "/x"});
    bad = trial();
    bad.passthrough = {"/dist-infer/x"};
    try {
        run_trial_apart(DESCRIBE_PROGRAM, bad);
        FAIL();
    } catch (Error const& error) {
        EXPECT_EQ(error.code(), ExitCode::usage) << error.what();
    }
}

/// The index is the part of a file that is read in the middle of a job.
TEST_F(TrialTest, AChunkBehindTheEndOfTheFileIsFound)
{
    auto const file = folder_ / "c.h5";
    std::vector<std::byte> const bytes(80'000, std::byte{0xab});
    test::write_dataset(file, "/x", {DType::uint8, {}}, bytes.size(), bytes, {.chunk = {40'000}});
    auto const content = file::read_file(file, ExitCode::input);
    auto const chunk = place_of(std::span{bytes}.first(40'000), content);
    auto const address = std::as_bytes(std::span{&chunk, 1});
    auto const entry = place_of(address, content);
    ASSERT_LT(entry, content.size());
    auto lying = trial();
    lying.files = {file};
    EXPECT_NO_THROW(run_trial_apart(DESCRIBE_PROGRAM, lying));
    test::flip_bits(file, entry + 3, 1);
    expect_error<Error>([&] { run_trial_apart(DESCRIBE_PROGRAM, lying); },
                        {"cannot read rows", "/x in " + file, "cannot find a chunk"});
}

TEST_F(TrialTest, ACrashNamesItsFile)
{
    expect_error<InputError>(
        [&] { run_trial_apart(program("echo file 0 >&3; echo file 1 >&3; kill -SEGV $$"), trial()); },
        {"cannot read " + files_[1], "HDF5 crashed", "Segmentation fault"});
    expect_error<InputError>([&] { run_trial_apart(program("exit 1"), trial()); },
                             {"cannot read " + files_[0], "HDF5 crashed", "exit code 1"});
}

/// Such files are few, and none is known for later releases.
TEST_F(TrialTest, AFileThatCrashesHdf5IsAMessage)
{
    auto crashing = trial();
    crashing.files[1] = CRASH_FILE;
#if H5_VERSION_GE(1, 10, 9)
    EXPECT_THROW(run_trial_apart(DESCRIBE_PROGRAM, crashing), Error);
#else
    expect_error<InputError>([&] { run_trial_apart(DESCRIBE_PROGRAM, crashing); }, {CRASH_FILE, "HDF5 crashed"});
#endif
}

TEST_F(TrialTest, SilenceIsEndedAndNamesItsFile)
{
    auto const begin = std::chrono::steady_clock::now();
    expect_error<InputError>([&] { run_trial_apart(program("echo file 1 >&3; exec sleep 1000"), trial(), 300ms); },
                             {"cannot read " + files_[1], "gave no answer for"});
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 30s);
}

/// The limit is for a file, not for all of them.
TEST_F(TrialTest, ManyFilesMayTakeLongerThanOne)
{
    auto const slow = program("for i in 0 1 0 1; do echo file $i >&3; sleep 0.5; done; echo done >&3");
    EXPECT_NO_THROW(run_trial_apart(slow, trial(), 1500ms));
}

TEST_F(TrialTest, AProgramThatIsNotThereIsNamed)
{
    expect_error<LaunchError>([&] { run_trial_apart(folder_ / "gone", trial()); }, {folder_ / "gone", "No such file"});
}

} // namespace distinfer::io
