#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>
#include <sys/types.h>

namespace distinfer::io
{

/// Writes all of the bytes although a call may take only a part of them or be interrupted.
/// @param write_at called as pwrite is, without the descriptor: (bytes, count, offset)
/// @return 0, or the errno that ended it
template <class WriteAt>
int write_fully(std::span<std::byte const> bytes, std::uint64_t offset, WriteAt&& write_at)
{
    while (!bytes.empty()) {
        ssize_t const written = write_at(bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return errno;
        if (written == 0) return ENOSPC;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
    return 0;
}

} // namespace distinfer::io
