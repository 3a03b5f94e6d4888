#include "distinfer/io/output_path.hpp"

#include "distinfer/core/error.hpp"
#include "distinfer/file/file.hpp"
#include "distinfer/file/fully.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <system_error>
#include <unistd.h>

namespace distinfer::io
{

namespace
{

/// The kind of what is at a path, or nothing. @throws OutputError where the path cannot be looked at
std::optional<mode_t> mode_of(std::string const& path, std::string const& problem)
{
    struct stat about = {};
    if (::stat(path.c_str(), &about) == 0) return about.st_mode;
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    throw OutputError(problem, std::strerror(errno), "check output.file");
}

std::filesystem::path folder_of(std::string const& path)
{
    auto const folder = std::filesystem::path{path}.parent_path();
    return folder.empty() ? "." : folder;
}

std::string nearest_existing(std::filesystem::path folder)
{
    std::error_code ignored;
    while (!folder.empty() && !std::filesystem::exists(folder, ignored)) folder = folder.parent_path();
    return folder.empty() ? "." : folder.string();
}

void check_folder(std::string const& path, std::string const& problem)
{
    auto const folder = folder_of(path).string();
    auto const mode = mode_of(folder, problem);
    if (!mode) {
        auto const there = nearest_existing(folder);
        throw OutputError(problem, "the folder " + folder + " does not exist; the nearest that does is " + there,
                          "create it: mkdir -p " + folder);
    }
    if (!S_ISDIR(*mode)) throw OutputError(problem, folder + " is not a folder", "check output.file");
    if (::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) == 0) return;
    throw OutputError(problem, "the folder " + folder + " cannot be written: " + std::strerror(errno),
                      "write elsewhere: output.file");
}

bool is_link(std::string const& path)
{
    struct stat about = {};
    return ::lstat(path.c_str(), &about) == 0 && S_ISLNK(about.st_mode);
}

void check_present(std::string const& path, bool replaceable, std::string const& problem)
{
    auto const suggestion = "write elsewhere: output.file";
    auto const mode = mode_of(path, problem);
    // The name is taken all the same: the output could not be put there in the end.
    if (!mode && is_link(path))
        throw OutputError(problem, path + " is a link that leads nowhere",
                          "remove it, or write elsewhere: output.file");
    if (!mode) return;
    if (S_ISDIR(*mode)) throw OutputError(problem, path + " is a folder", suggestion);
    if (!S_ISREG(*mode)) throw OutputError(problem, path + " is a device or pipe", suggestion);
    if (!replaceable) throw OutputError(problem, "it exists", "set output.if_exists: overwrite or another output.file");
}

} // namespace

std::string part_path(std::string const& path)
{
    return path + ".part";
}

void check_output_path(std::string const& path, bool overwrite)
{
    auto const problem = "cannot create " + (path.empty() ? "the output" : path);
    if (path.empty()) throw OutputError(problem, "its path is empty", "set output.file");
    if (path.ends_with('/')) throw OutputError(problem, "it names a folder", "add a file's name to output.file");
    check_folder(path, problem);
    check_present(path, overwrite, problem);
    check_present(part_path(path), true, problem);
}

bool is_foreign(std::string const& path)
{
    constexpr std::string_view signature = "\x89HDF\r\n\x1a\n";
    std::error_code error;
    auto const status = std::filesystem::status(path, error);
    if (!std::filesystem::is_regular_file(status)) return std::filesystem::exists(status);
    file::FileDescriptor const file{::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)};
    std::array<std::byte, signature.size()> head{};
    auto const count = file::read_fully(head, 0, [&](void* bytes, std::size_t size, std::int64_t offset) {
        return ::pread(file.get(), bytes, size, offset);
    });
    if (count < 0) return false;
    return std::string_view{reinterpret_cast<char const*>(head.data()), static_cast<std::size_t>(count)} != signature;
}

bool is_incoherent(std::string const& path)
{
    constexpr auto nfs = 0x6969;
    auto const parent = std::filesystem::path{path}.parent_path();
    struct statfs system = {};
    return ::statfs(parent.empty() ? "." : parent.c_str(), &system) == 0 && system.f_type == nfs;
}

} // namespace distinfer::io
