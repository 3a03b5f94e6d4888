#pragma once

#include "distinfer/core/error.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace distinfer::file
{

/// Owns a POSIX file descriptor. Move-only; a moved-from one is empty (-1).
class FileDescriptor
{
  public:
    FileDescriptor() = default;
    explicit FileDescriptor(int descriptor) noexcept : descriptor_(descriptor) {}
    ~FileDescriptor() { close(); }
    FileDescriptor(FileDescriptor const&) = delete;
    FileDescriptor& operator=(FileDescriptor const&) = delete;
    FileDescriptor(FileDescriptor&& other) noexcept;
    FileDescriptor& operator=(FileDescriptor&& other) noexcept;

    int get() const noexcept { return descriptor_; }
    bool valid() const noexcept { return descriptor_ >= 0; }

    /// Closes it now. Returns 0, or the errno of a close that failed; the descriptor is gone either way.
    int close() noexcept;

  private:
    int descriptor_ = -1;
};

/// Removes a file when it goes out of scope, unless keep() was called. Move-only.
class RemovedOnExit
{
  public:
    explicit RemovedOnExit(std::string path) noexcept : path_(std::move(path)) {}
    ~RemovedOnExit();
    RemovedOnExit(RemovedOnExit const&) = delete;
    RemovedOnExit& operator=(RemovedOnExit const&) = delete;
    RemovedOnExit(RemovedOnExit&& other) noexcept;
    RemovedOnExit& operator=(RemovedOnExit&& other) noexcept;

    std::string const& path() const noexcept { return path_; }
    void keep() noexcept { path_.clear(); }

  private:
    std::string path_;
};

/// A fresh file in $TMPDIR (or /tmp) that lives as long as the object and that only its owner may read. Move-only.
class TemporaryFile
{
  public:
    /// @param suffix the end of the file's name: ".pt2"
    /// @throws OutputError where the folder cannot take it
    explicit TemporaryFile(std::span<std::byte const> bytes, std::string_view suffix = {});

    std::string const& path() const noexcept { return file_.path(); }

  private:
    RemovedOnExit file_;
};

/// The whole file.
/// @throws Error of the type that belongs to `kind` where the file is missing, a folder, or unreadable
std::vector<std::byte> read_file(std::string const& path, ExitCode kind);

/// Puts a text file in place as a whole: readers see the old one or the new one, never a part.
/// @throws OutputError
void write_atomically(std::string const& path, std::string_view text);

/// Makes what was renamed, created or removed in the folder of `path` durable. @throws OutputError
void sync_folder_of(std::string const& path);

} // namespace distinfer::file
