#include "distinfer/file/trouble.hpp"

#include "distinfer/core/error.hpp"

#include <cerrno>
#include <cstring>
#include <string_view>

namespace distinfer::file
{

namespace
{

std::string_view suggestion(int error)
{
    switch (error) {
    case ENOSPC:
        return "make room and start again: rows that are recorded are not run again";
    case EDQUOT:
        return "remove files or ask for more quota, and start again: rows that are recorded are not run again";
    case EFBIG:
        return "raise the limit, ulimit -f unlimited, and start again";
    case EROFS:
        return "mount it writable and start again, or write elsewhere: output.file";
    case EIO:
    case ESTALE:
    case EAGAIN:
    case ETIMEDOUT:
        return "see that the disk or the file server is well, and start again";
    case EACCES:
    case EPERM:
    case EISDIR:
    case ENOENT:
    case ENOTDIR:
        return "check its folder, or write elsewhere: output.file";
    default:
        return "";
    }
}

} // namespace

void throw_output_error(std::string const& problem, int error)
{
    throw OutputError(problem, std::strerror(error), suggestion(error));
}

} // namespace distinfer::file
