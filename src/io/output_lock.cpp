#include "distinfer/io/output_lock.hpp"

#include "distinfer/core/error.hpp"
#include "distinfer/core/log.hpp"
#include "distinfer/file/fully.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace distinfer::io
{

namespace
{

using namespace std::chrono_literals;

constexpr std::uint64_t most_bytes = 4096; ///< of the file
constexpr int most_attempts = 100;

/// Whether the name still leads to the file that was opened: its last owner may have removed it in between.
bool is_at(file::FileDescriptor const& file, std::string const& path)
{
    struct stat opened = {};
    struct stat named = {};
    return ::fstat(file.get(), &opened) == 0 && ::stat(path.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
           opened.st_dev == named.st_dev;
}

/// What the file at that path holds now. It is opened anew: NFS asks the server then, and not its own copy.
std::string read_now(std::string const& path)
{
    file::FileDescriptor const file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    std::string text(most_bytes, '\0');
    auto const got = file::read_fully(std::as_writable_bytes(std::span{text}), 0,
                                      [&](auto... where) { return ::pread(file.get(), where...); });
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return text;
}

/// The value of a line "name value"; empty where there is none.
std::string value_of(std::string const& content, std::string const& name)
{
    auto const line = content.find(name + ' ');
    if (line == std::string::npos || (line > 0 && content[line - 1] != '\n')) return {};
    auto const begin = line + name.size() + 1;
    return content.substr(begin, content.find('\n', begin) - begin);
}

std::string describe(std::string const& content)
{
    if (value_of(content, "host").empty()) return "it does not say whose";
    auto const job = value_of(content, "job");
    return (job.empty() ? "" : "job " + job + ", ") + "process " + value_of(content, "pid") + " on host " +
           value_of(content, "host") + ", since " + value_of(content, "since");
}

std::string now_in_utc()
{
    auto const now = std::time(nullptr);
    std::tm parts = {};
    ::gmtime_r(&now, &parts);
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%FT%TZ", &parts)};
}

/// Whoever asks whether a file is locked holds it for an instant.
int flock_patiently(int file)
{
    for (int attempt = 0; ::flock(file, LOCK_EX | LOCK_NB) != 0; ++attempt) {
        if (errno == EINTR) continue;
        if (errno != EWOULDBLOCK || attempt >= 5) return errno;
        std::this_thread::sleep_for(20ms);
    }
    return 0;
}

} // namespace

std::string lock_path(std::string const& output)
{
    return output + ".lock";
}

bool is_shared(std::string const& path)
{
    constexpr auto own = std::to_array<std::uint32_t>({0xEF53 /* ext */, 0x58465342 /* xfs */, 0x9123683E /* btrfs */,
                                                       0x01021994 /* tmpfs */, 0x794C7630 /* overlay */,
                                                       0x2FC12FC1 /* zfs */, 0xF2F52010 /* f2fs */});
    auto const parent = std::filesystem::path{path}.parent_path();
    struct statfs system = {};
    if (::statfs(parent.empty() ? "." : parent.c_str(), &system) != 0) return true;
    return std::ranges::find(own, static_cast<std::uint32_t>(system.f_type)) == own.end();
}

std::string boot_of_host()
{
    std::string id;
    std::getline(std::ifstream{"/proc/sys/kernel/random/boot_id"}, id);
    return id;
}

bool is_locked(std::string const& output)
{
    file::FileDescriptor const file{::open(lock_path(output).c_str(), O_RDONLY | O_CLOEXEC)};
    return file.valid() && ::flock(file.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

OutputLock::OutputLock(std::string const& output, LockOwner owner)
    : output_(output), path_(lock_path(output)), owner_(std::move(owner))
{
    content_ = "host " + owner_.host + "\nboot " + owner_.boot + "\npid " + std::to_string(::getpid()) + "\njob " +
               owner_.job + "\nsince " + now_in_utc() + "\nbeat ";
    acquire();
    life_ = std::jthread{[this](std::stop_token const& stop) { show_life(stop); }};
}

OutputLock::~OutputLock()
{
    life_.request_stop();
    life_.join();
    // Removed while it is still locked, so that nobody's new lock goes with it.
    if (!is_lost()) ::unlink(path_.c_str());
}

void OutputLock::acquire()
{
    // Others may remove it between any two calls, but not for ever: a link that leads nowhere is no lock.
    for (int attempt = 0; attempt < most_attempts; ++attempt)
        if (open_file() && take_file()) return;
    fail(ENOENT);
}

/// Opens the file, and locks it. False where it was removed meanwhile.
bool OutputLock::open_file()
{
    file_ = file::FileDescriptor{::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666)};
    created_ = file_.valid();
    if (!created_ && errno != EEXIST) fail(errno);
    if (!created_) file_ = file::FileDescriptor{::open(path_.c_str(), O_RDWR | O_CLOEXEC)};
    if (!file_.valid() && errno == ENOENT) return false;
    auto const error = file_.valid() ? flock_patiently(file_.get()) : errno;
    if (error == EWOULDBLOCK) refuse(read_now(path_));
    if (error != 0) fail(error);
    return is_at(file_, path_);
}

/// Makes the file ours, once it is locked. False where it was removed meanwhile.
bool OutputLock::take_file()
{
    auto const seen = read_now(path_);
    if (!seen.empty() && !seen.starts_with("host "))
        throw OutputError("cannot lock " + output_, path_ + " is there, and no lock of dist-infer",
                          "move it away, or choose another output.file");
    bool const from_here = value_of(seen, "host") == owner_.host && value_of(seen, "boot") == owner_.boot;
    bool const may_live = owner_.shares_folder && !created_ && !from_here;
    if (may_live) watch(seen);
    if (!is_at(file_, path_)) return false;
    write_owner();
    if (!may_live) return true;
    log::warning("taking over " + output_ + " from a job that shows no life (" + describe(seen) + ")");
    // Another host may take over in the same moment: of the two, the one that wrote last has it.
    std::this_thread::sleep_for(owner_.beat / 5);
    check();
    return true;
}

/// Waits whether the file changes, which is how a job of another host shows that it lives: no clock tells as surely.
void OutputLock::watch(std::string const& seen) const
{
    log::info(path_ + " is of another host (" + describe(seen) + "); watching it for a sign of life");
    auto const end = std::chrono::steady_clock::now() + owner_.patience;
    while (std::chrono::steady_clock::now() < end) {
        std::this_thread::sleep_for(owner_.beat / 5);
        if (!is_at(file_, path_)) return;
        if (auto const now = read_now(path_); now != seen) refuse(now);
    }
}

void OutputLock::write_owner() const
{
    auto const text = content_ + "0000000000\n";
    auto const write_at = [&](auto... where) { return ::pwrite(file_.get(), where...); };
    auto error = ::ftruncate(file_.get(), 0) == 0 ? 0 : errno;
    if (error == 0) error = file::write_fully(std::as_bytes(std::span{text}), 0, write_at);
    if (error == 0 && ::fsync(file_.get()) != 0) error = errno;
    if (error != 0) fail(error);
}

/// A beat that cannot be written is left out: the next one may be, and check() tells where it was one too many.
void OutputLock::show_life(std::stop_token const& stop) const
{
    std::mutex mutex;
    std::condition_variable_any stopped;
    std::unique_lock lock{mutex};
    for (std::uint64_t beat = 1; !stopped.wait_for(lock, stop, owner_.beat, [&] { return stop.stop_requested(); });
         ++beat) {
        if (is_lost()) continue;
        auto digits = std::to_string(beat % 10'000'000'000);
        digits.insert(0, 10 - digits.size(), '0');
        file::write_fully(std::as_bytes(std::span{digits}), content_.size(),
                          [&](auto... where) { return ::pwrite(file_.get(), where...); });
        [[maybe_unused]] auto const ignored = ::fdatasync(file_.get());
    }
}

bool OutputLock::is_lost() const
{
    // Where somebody removed the file, nobody has taken over yet.
    std::error_code unknown;
    return std::filesystem::exists(path_, unknown) && !(is_at(file_, path_) && read_now(path_).starts_with(content_));
}

void OutputLock::check() const
{
    if (!is_lost()) return;
    throw OutputError("another job has taken over " + output_, describe(read_now(path_)),
                      "this one gave no sign of life for too long; what it has recorded is kept");
}

void OutputLock::fail(int error) const
{
    throw OutputError("cannot lock " + output_, path_ + ": " + std::strerror(error));
}

void OutputLock::refuse(std::string const& content) const
{
    throw OutputError("another job is writing " + output_, describe(content) + ", holds " + path_,
                      "wait for it, or choose another output.file");
}

} // namespace distinfer::io
