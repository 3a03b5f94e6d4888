#include "distinfer/io/output_file.hpp"
#include "expect_error.hpp"
#include "full_disk.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <sys/statvfs.h>

namespace distinfer::io
{

namespace
{

class OutputFailuresTest : public testing::Test
{
  protected:
    void expect_refused(std::uint64_t rows, std::vector<OutputDataset> const& datasets,
                        std::initializer_list<std::string_view> words)
    {
        expect_error<OutputError>([&] { OutputFile::create(path_, rows, datasets, false); }, words);
        EXPECT_FALSE(std::filesystem::exists(path_));
        EXPECT_FALSE(std::filesystem::exists(part_path(path_)));
    }

    test::TemporaryFolder folder_;
    std::string path_ = folder_ / "out.h5";
};

/// HDF5 cannot be used any more once a close has failed, so each of these runs in a process of its own.
class OutputFailuresDeathTest : public OutputFailuresTest
{
  protected:
    /// Ends the process with the code of the error, if the failure left nothing behind.
    void exit_in_order(std::function<void()> const& fail)
    {
        try {
            fail();
        } catch (Error const& error) {
            std::cerr << error.what();
            bool const in_order = std::filesystem::is_empty(folder_.path());
            std::filesystem::remove_all(folder_.path());
            std::exit(in_order ? static_cast<int>(error.code()) : 1);
        }
        std::exit(1);
    }
};

constexpr std::uint64_t exabyte = 1'000'000'000'000'000'000;
TensorSpec const byte_row{DType::uint8, {}};

} // namespace

TEST_F(OutputFailuresTest, AnOutputLargerThanTheDisk)
{
    expect_refused(
        exabyte, {{"/x", byte_row}},
        {"not enough space for " + path_, "it needs 1000000000000000000 bytes, ", " are free", "output.file"});
    expect_refused(exabyte * 10, {{"/x", byte_row}}, {"uint8[10000000000000000000] does not fit a file"});
    expect_refused(exabyte * 10, {{"/x", {DType::float64, {}}}}, {"does not fit a file"});
    expect_refused(1, {{"/x", {DType::float64, {1LL << 31, 1LL << 31}}}}, {"/x in " + path_, "64 bits"});
}

TEST_F(OutputFailuresTest, ADiskThatFillsUpWhileSpaceIsTaken)
{
    SmallDisk const disk{folder_ / "disk"};
    // ctest would take the whole program as skipped where one test says so.
    if (!disk.mounted()) return;
    path_ = folder_ / "disk/out.h5";
    // The data would just fit; HDF5's own bytes do not.
    struct statvfs about = {};
    ASSERT_EQ(::statvfs((folder_ / "disk").c_str(), &about), 0);
    auto const free = about.f_bavail * about.f_frsize;
    expect_refused(free, {{"/x", byte_row}}, {"not enough space for " + path_, "are free"});
    auto file = OutputFile::create(path_, free / 2, {{"/x", byte_row}}, false);
    file.finish({});
}

TEST_F(OutputFailuresTest, FilesThatMayNotBeThatLarge)
{
    FileSizeLimit const limit{1 << 20};
    expect_refused(2 << 20, {{"/x", byte_row}}, {"cannot create " + path_, "1048576", "ulimit -f"});
}

TEST_F(OutputFailuresTest, AWriteThatFailsNamesItsRows)
{
    auto file = OutputFile::create(path_, 1 << 20, {{"/deep/x", byte_row}}, false);
    FileSizeLimit const limit{1 << 19};
    std::vector<std::byte> const bytes(2000);
    file.write(0, {0, 2000}, bytes);
    auto const begin = (std::uint64_t{1} << 19) - file.datasets()[0].offset - 1000;
    expect_error<OutputError>(
        [&] {
            file.write(0, {begin, begin + 2000}, bytes);
        },
        {"cannot write " + to_string(RowRange{begin, begin + 2000}) + " of /deep/x in " + path_, "File too large"});
}

TEST_F(OutputFailuresDeathTest, AFailedCreationLeavesNothingAndExitsInOrder)
{
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    auto const fail = [&] {
        // The data would just fit; HDF5's own bytes do not.
        FileSizeLimit const limit{1 << 20};
        OutputFile::create(path_, 1 << 20, {{"/x", byte_row}}, false);
    };
    EXPECT_EXIT(exit_in_order(fail), testing::ExitedWithCode(7), "cannot create .*out.h5.part");
}

TEST_F(OutputFailuresDeathTest, AFailedFinishLeavesNothingAndExitsInOrder)
{
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    auto const fail = [&] {
        auto file = OutputFile::create(path_, 1 << 20, {{"/x", byte_row}}, false);
        FileSizeLimit const limit{1 << 20};
        file.finish({{"config", std::string(1 << 16, 'x')}});
    };
    EXPECT_EXIT(exit_in_order(fail), testing::ExitedWithCode(7), "cannot add attributes to .*out.h5.part");
}

TEST_F(OutputFailuresTest, PathProblemsAreFoundFirst)
{
    path_ = folder_ / "none/out.h5";
    expect_refused(1, {{"/x", byte_row}}, {"does not exist"});
}

TEST_F(OutputFailuresTest, NamesThatExcludeEachOther)
{
    expect_refused(1, {{"/x", byte_row}, {"x", byte_row}}, {"two outputs are named /x"});
    expect_refused(1, {{"/x/y", byte_row}, {"/x", byte_row}}, {"/x would be a dataset and the group of /x/y"});
    expect_refused(1, {{"/x", byte_row}, {"/x/y", byte_row}}, {"/x would be a dataset and the group of /x/y"});
    auto const file = OutputFile::create(path_, 1, {{"/x", byte_row}, {"/xy", byte_row}}, false);
}

TEST_F(OutputFailuresTest, NamesThatAreNone)
{
    for (std::string const name : {"", "/", "//x", "/x/", "/a//b", "/a/./b", "..", "/a/.."}) {
        expect_refused(1, {{name, byte_row}}, {"cannot name a dataset"});
    }
    expect_refused(1, {{std::string("/a\0b", 4), byte_row}}, {"cannot name a dataset"});
    expect_refused(1, {{"/dist-infer", byte_row}}, {"dist-infer's own group"});
}

} // namespace distinfer::io
