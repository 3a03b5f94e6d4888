#pragma once

#include "distinfer/file/file.hpp"

#include <string>

namespace distinfer::io
{

/// Finds what would keep an output from being created at this path, before anything is created: a missing or closed
/// folder, a folder of that name, a file that may not be replaced.
/// @throws OutputError
void check_output_path(std::string const& path, bool overwrite);

/// Whether hosts that write to one file at this path may undo each other's writes: a file system, such as NFS, that
/// sends whole pages and keeps the copies of its clients apart.
bool is_incoherent(std::string const& path);

/// Keeps other jobs from the same output as long as it lives, on this host and on others that share the file system: a
/// locked file beside the output, which is removed at the end. Move-only.
class OutputLock
{
  public:
    /// @throws OutputError where another job has it
    explicit OutputLock(std::string const& output);
    ~OutputLock();
    OutputLock(OutputLock&&) noexcept = default;
    OutputLock& operator=(OutputLock&&) = delete;
    OutputLock(OutputLock const&) = delete;
    OutputLock& operator=(OutputLock const&) = delete;

  private:
    std::string path_;
    file::FileDescriptor file_;
};

/// Whether a job has the lock of an output now.
bool is_locked(std::string const& output);

/// Where an output grows until it is whole: beside its final place.
std::string part_path(std::string const& path);

} // namespace distinfer::io
