#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>

namespace distinfer::file
{

/// What is passed where nothing that failed is tried again, beside what a signal interrupted.
struct NoRetries
{
    bool operator()(int /*error*/) const { return false; }
};

/// Calls again what a signal interrupted. Returns 0 or the errno that ended it.
/// @param call returns 0, or sets errno
/// @param again whether to try again after this errno, as Retries does
template <class Call, class Again = NoRetries>
int uninterrupted(Call&& call, Again&& again = {})
{
    for (;;) {
        if (call() == 0) return 0;
        int const error = errno;
        if (error != EINTR && !again(error)) return error;
    }
}

/// Writes all of the bytes although a call may take only a part of them or be interrupted.
/// @param write_at called as pwrite is, without the descriptor: (bytes, count, offset)
/// @param again whether to try again after this errno, as Retries does
/// @return 0, or the errno that ended it
template <class WriteAt, class Again = NoRetries>
int write_fully(std::span<std::byte const> bytes, std::uint64_t offset, WriteAt&& write_at, Again&& again = {})
{
    while (!bytes.empty()) {
        std::ptrdiff_t const written = write_at(bytes.data(), bytes.size(), static_cast<std::int64_t>(offset));
        if (written < 0) {
            int const error = errno;
            if (error == EINTR || again(error)) continue;
            return error;
        }
        if (written == 0) return ENOSPC;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
    return 0;
}

/// Reads until the span is full although a call may give only a part or be interrupted.
/// @param read_at called as pread is, without the descriptor: (bytes, count, offset)
/// @param again whether to try again after this errno, as Retries does
/// @return bytes that were read, fewer than asked for where the file ends; or minus the errno that ended it
template <class ReadAt, class Again = NoRetries>
std::ptrdiff_t read_fully(std::span<std::byte> bytes, std::uint64_t offset, ReadAt&& read_at, Again&& again = {})
{
    std::size_t done = 0;
    while (done < bytes.size()) {
        std::ptrdiff_t const got =
            read_at(bytes.data() + done, bytes.size() - done, static_cast<std::int64_t>(offset + done));
        if (got < 0) {
            int const error = errno;
            if (error == EINTR || again(error)) continue;
            return -error;
        }
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    return static_cast<std::ptrdiff_t>(done);
}

} // namespace distinfer::file
