#pragma once

#include "distinfer/file/file.hpp"

#include <chrono>
#include <string>
#include <thread>

namespace distinfer::io
{

/// Who takes a lock, as its file tells others.
struct LockOwner
{
    std::string host;
    std::string boot;                           ///< of the host's system: tells two hosts of one name apart
    std::string job;                            ///< of the scheduler; may be empty
    bool shares_folder = false;                 ///< whether other hosts may write to the output's folder
    std::chrono::milliseconds beat{5'000};      ///< between two signs of life
    std::chrono::milliseconds patience{30'000}; ///< how long a job of another host is watched for one
};

/// Whether other hosts may write there: every file system that is not known to be of this host alone.
bool is_shared(std::string const& path);

/// What tells this start of this host's system from all others.
std::string boot_of_host();

/// Keeps other jobs from the same output as long as it lives: a file beside the output, which is removed at the end.
///
/// On one host flock decides, and a job that was killed leaves nothing that would hold up the next. File systems exist
/// whose flock does not reach other hosts, so the file also says whose it is, and changes with every beat of a thread.
/// Whoever finds the file of another host watches it: a change means that the job lives, and no change for `patience`
/// that it is gone. A job that stood still so long that another took over finds out in check().
class OutputLock
{
  public:
    /// May take as long as the owner's patience. @throws OutputError where another job has it
    OutputLock(std::string const& output, LockOwner owner);
    ~OutputLock();
    OutputLock(OutputLock const&) = delete;
    OutputLock& operator=(OutputLock const&) = delete;

    /// Whether another job has taken over. Thread-safe.
    bool is_lost() const;

    /// @throws OutputError where another job has taken over. Thread-safe.
    void check() const;

  private:
    void acquire();
    bool open_file();
    bool take_file();
    void watch(std::string const& seen) const;
    void write_owner() const;
    void show_life(std::stop_token const& stop) const;
    [[noreturn]] void fail(int error) const;
    [[noreturn]] void refuse(std::string const& content) const;

    std::string output_;
    std::string path_;
    LockOwner owner_;
    std::string content_; ///< of the file, before the count of beats
    file::FileDescriptor file_;
    bool created_ = false; ///< the file: nobody had it before
    std::jthread life_;    ///< last: its thread uses what is above
};

/// Where the lock of an output lies: beside it.
std::string lock_path(std::string const& output);

/// Whether a job of this host has the lock of an output now, or one that flock shows.
bool is_locked(std::string const& output);

} // namespace distinfer::io
