#include "output_space.hpp"

#include "distinfer/file/fully.hpp"
#include "distinfer/file/trouble.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace distinfer::io
{

namespace
{

/// Bytes that this user may still take in the folder of `path`, where the file system says so.
std::optional<std::uint64_t> free_bytes(std::string const& path)
{
    auto const folder = std::filesystem::path{path}.parent_path();
    struct statvfs about = {};
    if (::statvfs(folder.empty() ? "." : folder.c_str(), &about) != 0 || about.f_blocks == 0) return std::nullopt;
    return std::uint64_t{about.f_bavail} * about.f_frsize;
}

[[noreturn]] void fail_for_space(std::string const& path, std::uint64_t bytes)
{
    auto const free = free_bytes(path);
    auto const text = free ? ", " + std::to_string(*free) + " are free" : "";
    throw OutputError("not enough space for " + path, "it needs " + std::to_string(bytes) + " bytes" + text,
                      "make room or write elsewhere: output.file");
}

} // namespace

void require_space(std::string const& path, std::uint64_t bytes)
{
    struct rlimit limit = {};
    // Beyond the limit a write would not fail but end the process, by SIGXFSZ.
    if (::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && bytes > limit.rlim_cur) {
        throw OutputError("cannot create " + path,
                          "it needs " + std::to_string(bytes) + " bytes and this process may write files of " +
                              std::to_string(limit.rlim_cur),
                          "raise the limit: ulimit -f unlimited");
    }
    auto const free = free_bytes(path);
    if (free && bytes > *free) fail_for_space(path, bytes);
}

void allocate(file::FileDescriptor const& file, std::string const& path, std::uint64_t bytes)
{
    struct stat about = {};
    auto const problem = "cannot create " + path;
    if (::fstat(file.get(), &about) != 0) file::throw_output_error(problem, errno);
    auto const size = std::max(static_cast<off_t>(bytes), about.st_size);
    int error = EINTR;
    while (error == EINTR) error = ::posix_fallocate(file.get(), 0, size);
    if (error == ENOSPC) fail_for_space(path, static_cast<std::uint64_t>(size));
    if (error != 0) file::throw_output_error(problem, error);
    error = file::uninterrupted([&] { return ::fsync(file.get()); });
    if (error != 0) file::throw_output_error(problem, error);
}

} // namespace distinfer::io
