#include "distinfer/file/file.hpp"

#include "distinfer/file/fully.hpp"
#include "distinfer/file/trouble.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace distinfer::file
{

namespace
{

[[noreturn]] void fail(ExitCode kind, std::string const& problem, std::string_view why, std::string_view suggestion)
{
    switch (kind) {
    case ExitCode::usage:
        throw ConfigError(problem, why, suggestion);
    case ExitCode::input:
        throw InputError(problem, why, suggestion);
    case ExitCode::model:
        throw ModelError(problem, why, suggestion);
    case ExitCode::output:
        throw OutputError(problem, why, suggestion);
    default:
        throw Error(kind, error_message(problem, why, suggestion));
    }
}

/// Appends what is left of the file. Returns 0 or errno.
int read_rest(int descriptor, std::vector<std::byte>& bytes)
{
    std::size_t used = bytes.size();
    for (;;) {
        bytes.resize(std::max(bytes.capacity(), used + 1));
        auto const got = ::read(descriptor, bytes.data() + used, bytes.size() - used);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) {
            bytes.resize(used);
            return got < 0 ? errno : 0;
        }
        used += static_cast<std::size_t>(got);
    }
}

/// Writes the bytes to a file that is still empty and closes it. Returns 0 or errno.
int fill(FileDescriptor file, std::span<std::byte const> bytes, bool durable)
{
    auto const write_at = [&](auto... where) { return ::pwrite(file.get(), where...); };
    if (auto const error = write_fully(bytes, 0, write_at)) return error;
    if (durable) {
        if (auto const error = uninterrupted([&] { return ::fsync(file.get()); })) return error;
    }
    return file.close();
}

std::string temporary_folder()
{
    // Read at start-up and by tests; nobody sets the environment beside it.
    auto const* const folder = std::getenv("TMPDIR"); // NOLINT(concurrency-mt-unsafe)
    return folder != nullptr && *folder != '\0' ? folder : "/tmp";
}

RemovedOnExit make_temporary(std::span<std::byte const> bytes, std::string_view suffix)
{
    auto const folder = temporary_folder();
    auto path = folder + "/dist-infer-XXXXXX" + std::string{suffix};
    FileDescriptor file{::mkostemps(path.data(), static_cast<int>(suffix.size()), O_CLOEXEC)};
    auto const problem = "cannot write a temporary file in " + folder;
    auto const suggestion = "set TMPDIR to a folder with more room";
    if (!file.valid()) throw OutputError(problem, std::strerror(errno), suggestion);
    RemovedOnExit made{std::move(path)};
    if (auto const error = fill(std::move(file), bytes, false)) {
        throw OutputError(problem, std::strerror(error), suggestion);
    }
    return made;
}

} // namespace

FileDescriptor::FileDescriptor(FileDescriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept
{
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

int FileDescriptor::close() noexcept
{
    auto const descriptor = std::exchange(descriptor_, -1);
    // EINTR too leaves the descriptor closed on Linux: closing again could hit somebody else's.
    if (descriptor < 0 || ::close(descriptor) == 0 || errno == EINTR) return 0;
    return errno;
}

RemovedOnExit::~RemovedOnExit()
{
    if (!path_.empty()) ::unlink(path_.c_str());
}

RemovedOnExit::RemovedOnExit(RemovedOnExit&& other) noexcept : path_(std::exchange(other.path_, {})) {}

RemovedOnExit& RemovedOnExit::operator=(RemovedOnExit&& other) noexcept
{
    std::swap(path_, other.path_);
    return *this;
}

TemporaryFile::TemporaryFile(std::span<std::byte const> bytes, std::string_view suffix)
    : file_(make_temporary(bytes, suffix))
{}

std::vector<std::byte> read_file(std::string const& path, ExitCode kind)
{
    auto const problem = "cannot read " + path;
    FileDescriptor const file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file.valid()) fail(kind, problem, std::strerror(errno), "check the path");
    struct stat about = {};
    if (::fstat(file.get(), &about) == 0 && S_ISDIR(about.st_mode))
        fail(kind, problem, "it is a folder", "name a file");
    std::vector<std::byte> bytes;
    // One byte more than there should be, so that the end is seen without growing; files of /proc say 0.
    bytes.reserve(std::max<std::size_t>(static_cast<std::size_t>(about.st_size) + 1, 4096));
    if (auto const error = read_rest(file.get(), bytes)) fail(kind, problem, std::strerror(error), "");
    return bytes;
}

void write_atomically(std::string const& path, std::string_view text)
{
    auto const problem = "cannot write " + path;
    RemovedOnExit part{path + "." + std::to_string(::getpid()) + ".tmp"};
    FileDescriptor file{::open(part.path().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)};
    if (!file.valid()) throw OutputError(problem, std::strerror(errno), "check that its folder exists and is yours");
    if (auto const error = fill(std::move(file), std::as_bytes(std::span{text}), true)) {
        throw_output_error(problem, error);
    }
    if (::rename(part.path().c_str(), path.c_str()) != 0) throw_output_error(problem, errno);
    part.keep();
}

void sync_folder_of(std::string const& path)
{
    auto const parent = std::filesystem::path{path}.parent_path();
    auto const folder = parent.empty() ? std::string{"."} : parent.string();
    FileDescriptor const file{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    auto const problem = "cannot make " + path + " durable";
    if (!file.valid()) throw_output_error(problem, errno);
    auto const error = uninterrupted([&] { return ::fsync(file.get()); });
    // File systems that cannot sync a folder say EINVAL.
    if (error != 0 && error != EINVAL) throw_output_error(problem, error);
}

} // namespace distinfer::file
