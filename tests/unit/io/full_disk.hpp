#pragma once

#include <csignal>
#include <filesystem>
#include <string>
#include <sys/mount.h>
#include <sys/resource.h>

namespace distinfer::io
{

/// A small file system, where this process may mount one.
class SmallDisk
{
  public:
    explicit SmallDisk(std::string path, char const* size = "size=1m") : path_(std::move(path))
    {
        std::filesystem::create_directory(path_);
        mounted_ = ::mount("tmpfs", path_.c_str(), "tmpfs", 0, size) == 0;
    }
    ~SmallDisk()
    {
        if (mounted_) ::umount(path_.c_str());
    }
    SmallDisk(SmallDisk const&) = delete;
    SmallDisk& operator=(SmallDisk const&) = delete;

    bool mounted() const noexcept { return mounted_; }

  private:
    std::string path_;
    bool mounted_ = false;
};

/// Lowers the size that files of this process may have until it goes out of scope.
class FileSizeLimit
{
  public:
    explicit FileSizeLimit(rlim_t bytes)
    {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit const lower{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &lower);
        before_handler_ = std::signal(SIGXFSZ, SIG_IGN);
    }
    ~FileSizeLimit()
    {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, before_handler_);
    }
    FileSizeLimit(FileSizeLimit const&) = delete;
    FileSizeLimit& operator=(FileSizeLimit const&) = delete;

  private:
    rlimit before_{};
    void (*before_handler_)(int) = SIG_DFL;
};

} // namespace distinfer::io
