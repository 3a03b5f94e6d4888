#include "input_bytes.hpp"

#include "distinfer/core/error.hpp"
#include "distinfer/file/fully.hpp"
#include "distinfer/file/retries.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace distinfer::io
{

namespace
{

std::string_view suggestion_for(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        return "check the path in input.files";
    case EACCES:
    case EPERM:
        return "ask its owner for read permission: chmod a+r";
    case EIO:
    case ESTALE:
    case EAGAIN:
    case ETIMEDOUT:
        return "see that the disk or the file server is well, and start again";
    default:
        return "";
    }
}

[[noreturn]] void fail(std::string const& problem, int error)
{
    throw InputError(problem, std::strerror(error), suggestion_for(error));
}

/// Bytes that were read, fewer than asked for where the file ends.
std::size_t read_some(int descriptor, std::uint64_t offset, std::span<std::byte> bytes, std::string const& problem)
{
    auto const got = file::read_fully(
        bytes, offset, [&](auto... where) { return ::pread(descriptor, where...); },
        file::Retries{file::Retries::Of::reading, problem});
    if (got < 0) fail(problem, static_cast<int>(-got));
    return static_cast<std::size_t>(got);
}

} // namespace

file::FileDescriptor open_input(std::string const& file)
{
    auto const problem = "cannot read " + file;
    // Opening a pipe would wait for its writer.
    file::FileDescriptor opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (!opened.valid()) fail(problem, errno);
    struct stat about = {};
    if (::fstat(opened.get(), &about) != 0) fail(problem, errno);
    if (S_ISDIR(about.st_mode)) throw InputError(problem, "it is a folder", "name a file in input.files");
    if (!S_ISREG(about.st_mode)) throw InputError(problem, "it is a device or pipe", "name a file in input.files");
    if (about.st_size == 0) throw InputError(problem, "the file is empty", "check that it was written and copied");
    return opened;
}

std::vector<std::byte> read_head(int descriptor, std::size_t most, std::string const& problem)
{
    std::vector<std::byte> head(most);
    head.resize(read_some(descriptor, 0, head, problem));
    return head;
}

void read_bytes(int descriptor, std::uint64_t offset, std::span<std::byte> bytes, std::string const& problem)
{
    if (read_some(descriptor, offset, bytes, problem) < bytes.size())
        throw InputError(problem, "the file ends before them", "it is cut short or damaged: copy it again");
}

} // namespace distinfer::io
