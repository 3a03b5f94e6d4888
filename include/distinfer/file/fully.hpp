#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>

namespace distinfer::file
{

/// Writes all of the bytes although a call may take only a part of them or be interrupted.
/// @param write_at called as pwrite is, without the descriptor: (bytes, count, offset)
/// @return 0, or the errno that ended it
template <class WriteAt>
int write_fully(std::span<std::byte const> bytes, std::uint64_t offset, WriteAt&& write_at)
{
    while (!bytes.empty()) {
        std::ptrdiff_t const written = write_at(bytes.data(), bytes.size(), static_cast<std::int64_t>(offset));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return errno;
        if (written == 0) return ENOSPC;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
    return 0;
}

/// Reads until the span is full although a call may give only a part or be interrupted.
/// @param read_at called as pread is, without the descriptor: (bytes, count, offset)
/// @return bytes that were read, fewer than asked for where the file ends; or minus the errno that ended it
template <class ReadAt>
std::ptrdiff_t read_fully(std::span<std::byte> bytes, std::uint64_t offset, ReadAt&& read_at)
{
    std::size_t done = 0;
    while (done < bytes.size()) {
        std::ptrdiff_t const got =
            read_at(bytes.data() + done, bytes.size() - done, static_cast<std::int64_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return -errno;
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    return static_cast<std::ptrdiff_t>(done);
}

} // namespace distinfer::file
