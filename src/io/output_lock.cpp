#include "distinfer/core/error.hpp"
#include "distinfer/io/output_path.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace distinfer::io
{

namespace
{

/// Whether the name still leads to the file that was opened: its last owner may have removed it in between.
bool is_at(file::FileDescriptor const& file, std::string const& path)
{
    struct stat opened = {};
    struct stat named = {};
    return ::fstat(file.get(), &opened) == 0 && ::stat(path.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
           opened.st_dev == named.st_dev;
}

std::string lock_path(std::string const& output)
{
    return output + ".lock";
}

file::FileDescriptor lock(std::string const& path, std::string const& output)
{
    for (;;) {
        file::FileDescriptor file{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)};
        if (!file.valid()) throw OutputError("cannot lock " + output, path + ": " + std::strerror(errno));
        if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
            if (errno == EWOULDBLOCK)
                throw OutputError("another job is writing " + output, path + " is locked",
                                  "wait for it, or choose another output.file");
            throw OutputError("cannot lock " + output, path + ": " + std::strerror(errno));
        }
        if (is_at(file, path)) return file;
    }
}

} // namespace

bool is_locked(std::string const& output)
{
    file::FileDescriptor const file{::open(lock_path(output).c_str(), O_RDONLY | O_CLOEXEC)};
    return file.valid() && ::flock(file.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

OutputLock::OutputLock(std::string const& output) : path_(lock_path(output)), file_(lock(path_, output)) {}

OutputLock::~OutputLock()
{
    // Removed while it is still locked, so that nobody's new lock goes with it.
    if (file_.valid()) ::unlink(path_.c_str());
}

} // namespace distinfer::io
