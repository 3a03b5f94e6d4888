// The calls of the system that the program and HDF5 make on files. Each is there under two names, as glibc has them.
#include "fault/shim/shim.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace
{

namespace shim = distinfer::shim;
namespace recorder = distinfer::shim::recorder;

/// Fails with an errno, or goes on with as many bytes as the fault leaves.
template <class Call>
ssize_t transfer(char const* name, int descriptor, std::size_t count, Call&& call)
{
    auto const fault = shim::next_fault(name, shim::path_of(descriptor));
    if (fault.error != 0) return errno = fault.error, -1;
    return call(fault.is_short ? std::max<std::size_t>(count / 2, 1) : count);
}

int sync_file(char const* name, int descriptor)
{
    if (recorder::is_on()) recorder::sync_begins(descriptor);
    auto const fault = shim::next_fault(name, shim::path_of(descriptor));
    if (fault.error != 0) return errno = fault.error, -1;
    int const result = shim::next<int (*)(int)>(name)(descriptor);
    if (result == 0 && recorder::is_on()) recorder::synced(descriptor);
    return result;
}

int open_file(char const* path, int flags, mode_t mode)
{
    struct stat about = {};
    bool const may_change = recorder::is_on() && (flags & (O_CREAT | O_TRUNC)) != 0;
    bool const was_there = may_change && ::stat(path, &about) == 0;
    int const descriptor = shim::next<int (*)(char const*, int, ...)>("open64")(path, flags, mode);
    if (!may_change || descriptor < 0) return descriptor;
    if (!was_there) recorder::created(descriptor);
    if (was_there && (flags & O_TRUNC) != 0) recorder::truncated(descriptor, 0);
    return descriptor;
}

/// The mode that `open` is given where it may create a file.
#define OPEN(path, flags)                                                                                              \
    va_list arguments;                                                                                                 \
    va_start(arguments, flags);                                                                                        \
    mode_t const mode = ((flags)&O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;                                        \
    va_end(arguments);                                                                                                 \
    return open_file(path, flags, mode)

} // namespace

extern "C" {

int open64(char const* path, int flags, ...)
{
    OPEN(path, flags);
}

int open(char const* path, int flags, ...)
{
    OPEN(path, flags);
}

ssize_t pread64(int descriptor, void* bytes, size_t count, off_t offset)
{
    return transfer("pread", descriptor, count, [&](size_t some) {
        return shim::next<decltype(&pread64)>("pread64")(descriptor, bytes, some, offset);
    });
}

ssize_t pread(int descriptor, void* bytes, size_t count, off_t offset)
{
    return pread64(descriptor, bytes, count, offset);
}

ssize_t pwrite64(int descriptor, void const* bytes, size_t count, off_t offset)
{
    return transfer("pwrite", descriptor, count, [&](size_t some) {
        auto const written = shim::next<decltype(&pwrite64)>("pwrite64")(descriptor, bytes, some, offset);
        if (written > 0 && recorder::is_on())
            recorder::written(descriptor, bytes, static_cast<size_t>(written), offset);
        return written;
    });
}

ssize_t pwrite(int descriptor, void const* bytes, size_t count, off_t offset)
{
    return pwrite64(descriptor, bytes, count, offset);
}

int ftruncate64(int descriptor, off_t size) noexcept
{
    int const result = shim::next<int (*)(int, off_t)>("ftruncate64")(descriptor, size);
    if (result == 0 && recorder::is_on()) recorder::truncated(descriptor, size);
    return result;
}

int ftruncate(int descriptor, off_t size) noexcept
{
    return ftruncate64(descriptor, size);
}

int truncate(char const* path, off_t size) noexcept
{
    int const result = shim::next<int (*)(char const*, off_t)>("truncate")(path, size);
    if (result == 0 && recorder::is_on()) recorder::truncated(path, size);
    return result;
}

int posix_fallocate64(int descriptor, off_t offset, off_t length)
{
    auto const fault = shim::next_fault("posix_fallocate", shim::path_of(descriptor));
    if (fault.error != 0) return fault.error;
    int const result = shim::next<decltype(&posix_fallocate64)>("posix_fallocate64")(descriptor, offset, length);
    if (result == 0 && recorder::is_on()) recorder::allocated(descriptor, offset, length);
    return result;
}

int posix_fallocate(int descriptor, off_t offset, off_t length)
{
    return posix_fallocate64(descriptor, offset, length);
}

int fsync(int descriptor)
{
    return sync_file("fsync", descriptor);
}

int fdatasync(int descriptor)
{
    return sync_file("fdatasync", descriptor);
}

int rename(char const* from, char const* to) noexcept
{
    int const result = shim::next<int (*)(char const*, char const*)>("rename")(from, to);
    if (result == 0 && recorder::is_on()) recorder::renamed(from, to);
    return result;
}

int renameat2(int from_folder, char const* from, int to_folder, char const* to, unsigned flags) noexcept
{
    auto const call = shim::next<int (*)(int, char const*, int, char const*, unsigned)>("renameat2");
    int const result = call(from_folder, from, to_folder, to, flags);
    if (result == 0 && recorder::is_on()) recorder::renamed(from, to);
    return result;
}

int unlink(char const* path) noexcept
{
    int const result = shim::next<int (*)(char const*)>("unlink")(path);
    if (result == 0 && recorder::is_on()) recorder::unlinked(path);
    return result;
}

int remove(char const* path) noexcept
{
    int const result = shim::next<int (*)(char const*)>("remove")(path);
    if (result == 0 && recorder::is_on()) recorder::unlinked(path);
    return result;
}

} // extern "C"
