#include "distinfer/file/file.hpp"
#include "support/as_nobody.hpp"
#include "support/expect_error.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace distinfer::file
{

namespace
{

std::span<std::byte const> bytes_of(std::string_view text)
{
    return std::as_bytes(std::span{text});
}

std::string text_of(std::string const& path)
{
    std::ifstream stream{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

} // namespace

TEST(FileDescriptorTest, ClosesOnceAndMoves)
{
    FileDescriptor first{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
    auto const number = first.get();
    FileDescriptor second{std::move(first)};
    EXPECT_EQ(second.get(), number);
    FileDescriptor third;
    third = std::move(second);
    EXPECT_TRUE(third.valid());
    EXPECT_EQ(third.close(), 0);
    EXPECT_FALSE(third.valid());
    EXPECT_EQ(third.close(), 0);
    EXPECT_EQ(::fcntl(number, F_GETFD), -1);
}

TEST(ReadFileTest, ReadsWholeFilesOfAnySize)
{
    test::TemporaryFolder const folder;
    for (auto const size : {0UL, 1UL, 4095UL, 4096UL, 4097UL, 3000000UL}) {
        std::string text(size, 'x');
        if (size > 2) text[size - 2] = '\0';
        auto const path = folder / std::to_string(size);
        write_atomically(path, text);
        auto const bytes = read_file(path, ExitCode::input);
        EXPECT_TRUE(std::ranges::equal(bytes, bytes_of(text))) << size;
    }
}

TEST(ReadFileTest, ReadsFilesThatSayTheyAreEmpty)
{
    EXPECT_GT(read_file("/proc/self/smaps", ExitCode::input).size(), 4096U);
}

TEST(ReadFileTest, FailuresAreOfTheKindAskedFor)
{
    test::TemporaryFolder const folder;
    auto const missing = folder / "model.pt";
    test::expect_error<ModelError>([&] { read_file(missing, ExitCode::model); }, {missing, "No such file"});
    test::expect_error<InputError>([&] { read_file(missing, ExitCode::input); }, {missing});
    test::expect_error<ConfigError>([&] { read_file(missing, ExitCode::usage); }, {missing});
    test::expect_error<OutputError>([&] { read_file(missing, ExitCode::output); }, {missing});
    try {
        read_file(missing, ExitCode::device);
        ADD_FAILURE();
    } catch (Error const& error) {
        EXPECT_EQ(error.code(), ExitCode::device);
    }
    test::expect_error<ModelError>([&] { read_file(folder.path(), ExitCode::model); }, {"it is a folder"});
}

TEST(ReadFileTest, AFileWithoutPermissionIsAnError)
{
    test::TemporaryFolder const folder;
    auto const path = folder / "secret";
    write_atomically(path, "x");
    std::filesystem::permissions(folder.path(), std::filesystem::perms::all);
    std::filesystem::permissions(path, std::filesystem::perms::none);
    test::AsNobody const nobody;
    test::expect_error<ModelError>([&] { read_file(path, ExitCode::model); }, {path, "Permission denied"});
}

TEST(WriteAtomicallyTest, ReplacesAndLeavesNothingElse)
{
    test::TemporaryFolder const folder;
    auto const path = folder / "report.json";
    write_atomically(path, "first, and longer");
    write_atomically(path, "second");
    EXPECT_EQ(text_of(path), "second");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator{folder.path()}, {}), 1);
}

TEST(WriteAtomicallyTest, AMissingFolderIsAnOutputError)
{
    test::TemporaryFolder const folder;
    test::expect_error<OutputError>([&] { write_atomically(folder / "no/report.json", "x"); }, {"no/report.json"});
}

TEST(WriteAtomicallyTest, AFailureLeavesNothingBehind)
{
    test::TemporaryFolder const folder;
    std::filesystem::create_directory(folder / "report.json");
    EXPECT_THROW(write_atomically(folder / "report.json", "x"), OutputError);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator{folder.path()}, {}), 1);
}

TEST(TemporaryFileTest, LivesAsLongAsTheObject)
{
    std::string path;
    {
        TemporaryFile const file{bytes_of("weights"), ".pt2"};
        path = file.path();
        EXPECT_TRUE(path.ends_with(".pt2"));
        EXPECT_EQ(text_of(path), "weights");
        using std::filesystem::perms;
        EXPECT_EQ(std::filesystem::status(path).permissions() & (perms::group_all | perms::others_all), perms::none);
    }
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(TemporaryFileTest, MovingKeepsTheFile)
{
    TemporaryFile first{bytes_of("a")};
    auto const path = first.path();
    TemporaryFile const second{std::move(first)};
    EXPECT_EQ(second.path(), path);
    EXPECT_TRUE(std::filesystem::exists(path));
}

TEST(TemporaryFileTest, ObeysTmpdir)
{
    test::TemporaryFolder const folder;
    ::setenv("TMPDIR", folder.path().c_str(), 1);
    EXPECT_TRUE(TemporaryFile{bytes_of("a")}.path().starts_with(folder.path().string() + "/"));
    ::setenv("TMPDIR", (folder / "missing").c_str(), 1);
    test::expect_error<OutputError>([] { TemporaryFile{bytes_of("a")}; }, {"temporary", "missing", "TMPDIR"});
    ::unsetenv("TMPDIR");
}

TEST(SyncFolderTest, TakesAnyPathWhoseFolderIsThere)
{
    test::TemporaryFolder const folder;
    sync_folder_of(folder / "gone");
    sync_folder_of("in-this-folder");
    test::expect_error<OutputError>([&] { sync_folder_of(folder / "no/file"); }, {"no/file", "No such file"});
}

} // namespace distinfer::file
