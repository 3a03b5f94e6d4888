#include "distinfer/file/file.hpp"
#include "distinfer/io/output_path.hpp"
#include "expect_error.hpp"
#include "support/as_nobody.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <sys/stat.h>

namespace distinfer::io
{

namespace
{

class OutputPathTest : public testing::Test
{
  protected:
    void expect_refused(std::string const& path, bool overwrite, std::initializer_list<std::string_view> words)
    {
        expect_error<OutputError>([&] { check_output_path(path, overwrite); }, words);
    }

    test::TemporaryFolder folder_;
    std::string path_ = folder_ / "out.h5";
};

} // namespace

TEST_F(OutputPathTest, AFreshPathIsFine)
{
    check_output_path(path_, false);
    check_output_path("out.h5", false);
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(OutputPathTest, AFileIsReplacedOnlyWhereThatWasAskedFor)
{
    file::write_atomically(path_, "old");
    expect_refused(path_, false, {"cannot create " + path_, "it exists", "output.if_exists: overwrite"});
    check_output_path(path_, true);
}

TEST_F(OutputPathTest, ALeftOverPartIsNoObstacle)
{
    file::write_atomically(part_path(path_), "left over");
    check_output_path(path_, false);
}

TEST_F(OutputPathTest, ALinkThatLeadsNowhereHasTheName)
{
    std::filesystem::create_symlink(folder_ / "gone.h5", path_);
    expect_refused(path_, false, {"cannot create " + path_, "a link that leads nowhere", "remove it"});
    expect_refused(path_, true, {"a link that leads nowhere"});
    file::write_atomically(folder_ / "gone.h5", "there");
    expect_refused(path_, false, {"it exists"});
    check_output_path(path_, true);
}

TEST_F(OutputPathTest, WhatIsNoHdf5FileIsForeign)
{
    EXPECT_FALSE(is_foreign(path_)) << "nothing is there";
    file::write_atomically(path_, "");
    EXPECT_TRUE(is_foreign(path_)) << "empty";
    file::write_atomically(path_, "\x89HDF\r\n\x1a");
    EXPECT_TRUE(is_foreign(path_)) << "a signature that is cut";
    file::write_atomically(path_, "\x89HDF\r\n\x1a\n and anything");
    EXPECT_FALSE(is_foreign(path_));
    EXPECT_TRUE(is_foreign(folder_.path())) << "a folder";
    ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
    EXPECT_TRUE(is_foreign(folder_ / "pipe")) << "and nobody waits for a writer";
}

TEST_F(OutputPathTest, AMissingFolderNamesTheNearestThatExists)
{
    auto const folder = folder_.path().string();
    expect_refused(
        folder + "/a/b/out.h5", false,
        {folder + "/a/b does not exist", "the nearest that does is " + folder, "mkdir -p " + folder + "/a/b"});
    expect_refused("no-such-folder/out.h5", false, {"the nearest that does is ."});
}

TEST_F(OutputPathTest, PathsThatCannotBeFiles)
{
    std::filesystem::create_directory(path_);
    expect_refused(path_, true, {path_ + " is a folder"});
    expect_refused(path_ + "/", true, {"it names a folder"});
    expect_refused("", true, {"empty"});
    expect_refused("/dev/null", true, {"device or pipe"});
    std::filesystem::create_directory(folder_ / "b.h5.part");
    expect_refused(folder_ / "b.h5", true, {"b.h5.part is a folder"});
    file::write_atomically(folder_ / "file", "x");
    expect_refused(folder_ / "file/out.h5", true, {folder_ / "file", "not a folder"});
    expect_refused(folder_ / std::string(254, 'x'), true, {"name too long"});
}

TEST_F(OutputPathTest, AFolderThatCannotBeWritten)
{
    using std::filesystem::perms;
    std::filesystem::permissions(folder_.path(), perms::owner_all | perms::others_read | perms::others_exec);
    test::AsNobody const nobody;
    if (::geteuid() != 65534) std::filesystem::permissions(folder_.path(), perms::owner_read | perms::owner_exec);
    expect_refused(path_, false, {path_, "cannot be written", "Permission denied"});
}

} // namespace distinfer::io
