#include "distinfer/io/output_path.hpp"

#include "distinfer/core/error.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <sys/stat.h>
#include <sys/vfs.h>
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

void check_present(std::string const& path, bool replaceable, std::string const& problem)
{
    auto const mode = mode_of(path, problem);
    if (!mode) return;
    auto const suggestion = "write elsewhere: output.file";
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

bool is_incoherent(std::string const& path)
{
    constexpr auto nfs = 0x6969;
    auto const parent = std::filesystem::path{path}.parent_path();
    struct statfs system = {};
    return ::statfs(parent.empty() ? "." : parent.c_str(), &system) == 0 && system.f_type == nfs;
}

} // namespace distinfer::io
