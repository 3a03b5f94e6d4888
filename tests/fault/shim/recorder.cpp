#include "fault/shim/shim.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace distinfer::shim::recorder
{

namespace
{

std::string setting(char const* name)
{
    char const* const value = std::getenv(name);
    return value ? value : "";
}

std::string const& folder()
{
    static std::string const path = setting("DIST_INFER_TEST_TRACE_FOLDER");
    return path;
}

/// The name in the folder of a path, or nothing where it lies elsewhere.
std::optional<std::string> name_of(std::string const& path)
{
    if (path == folder()) return ".";
    if (!path.starts_with(folder() + "/")) return std::nullopt;
    return path.substr(folder().size() + 1);
}

struct Call
{
    char kind;
    unsigned long inode = 0;
    long offset = 0;
    long length = 0;
    std::string name;
    std::string other = "-";
};

/// One write for each call: with O_APPEND those of several threads and processes are never mixed.
void record(Call const& call, void const* bytes = nullptr)
{
    static int const trace = static_cast<int>(::syscall(SYS_openat, AT_FDCWD, setting("DIST_INFER_TEST_TRACE").c_str(),
                                                        O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    std::string text = call.kind + (" " + std::to_string(call.inode)) + " " + std::to_string(call.offset) + " " +
                       std::to_string(call.length) + " " + call.name + " " + call.other + "\n";
    if (bytes) text.append(static_cast<char const*>(bytes), static_cast<std::size_t>(call.length));
    if (::syscall(SYS_write, trace, text.data(), text.size()) != static_cast<long>(text.size())) ::_exit(99);
}

void record_file(char kind, int descriptor, long offset, long length, void const* bytes = nullptr)
{
    auto const name = name_of(path_of(descriptor));
    if (!name) return;
    struct stat about = {};
    ::fstat(descriptor, &about);
    record({.kind = kind, .inode = about.st_ino, .offset = offset, .length = length, .name = *name}, bytes);
}

} // namespace

bool is_on()
{
    static bool const on = !folder().empty();
    return on;
}

void created(int descriptor)
{
    record_file('c', descriptor, 0, 0);
}

void truncated(int descriptor, long size)
{
    record_file('t', descriptor, size, 0);
}

void truncated(std::string const& path, long size)
{
    auto const name = name_of(path);
    struct stat about = {};
    if (!name || ::stat(path.c_str(), &about) != 0) return;
    record({.kind = 't', .inode = about.st_ino, .offset = size, .name = *name});
}

void written(int descriptor, void const* bytes, std::size_t count, long offset)
{
    record_file('w', descriptor, offset, static_cast<long>(count), bytes);
}

void allocated(int descriptor, long offset, long length)
{
    record_file('a', descriptor, offset, length);
}

void renamed(std::string const& from, std::string const& to)
{
    auto const old_name = name_of(from);
    auto const new_name = name_of(to);
    if (old_name && new_name) record({.kind = 'r', .name = *old_name, .other = *new_name});
}

void unlinked(std::string const& path)
{
    if (auto const name = name_of(path)) record({.kind = 'u', .name = *name});
}

void sync_begins(int descriptor)
{
    record_file('b', descriptor, 0, 0);
}

void synced(int descriptor)
{
    record_file('s', descriptor, 0, 0);
}

} // namespace distinfer::shim::recorder
