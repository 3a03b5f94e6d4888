#include "distinfer/ledger/ledger.hpp"

#include "distinfer/core/check.hpp"
#include "distinfer/file/fully.hpp"
#include "distinfer/file/retries.hpp"
#include "distinfer/file/trouble.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <random>
#include <sys/stat.h>
#include <unistd.h>

namespace distinfer::ledger
{

namespace
{

std::uint64_t random_nonce()
{
    std::random_device device;
    return std::uint64_t{device()} << 32U | device();
}

int write_at(file::FileDescriptor const& file, std::span<std::byte const> bytes, std::uint64_t offset,
             std::string const& problem)
{
    return file::write_fully(
        bytes, offset, [&](auto... where) { return ::pwrite(file.get(), where...); },
        file::Retries{file::Retries::Of::writing, problem});
}

/// @returns an empty one where there is no such file
file::FileDescriptor open_file(std::string const& path, int flags, std::string const& problem)
{
    // A pipe of that name must not keep us waiting.
    file::FileDescriptor opened{::open(path.c_str(), flags | O_CLOEXEC | O_NONBLOCK)};
    if (!opened.valid() && errno != ENOENT) file::throw_output_error(problem, errno);
    return opened;
}

std::vector<std::byte> read_all(file::FileDescriptor const& file, std::string const& problem)
{
    struct stat about = {};
    if (::fstat(file.get(), &about) != 0) file::throw_output_error(problem, errno);
    if (!S_ISREG(about.st_mode)) throw OutputError(problem, "it is not a file", "write elsewhere: output.file");
    std::vector<std::byte> bytes(static_cast<std::size_t>(about.st_size));
    auto const got = file::read_fully(
        bytes, 0, [&](auto... where) { return ::pread(file.get(), where...); },
        file::Retries{file::Retries::Of::reading, problem});
    if (got < 0) file::throw_output_error(problem, static_cast<int>(-got));
    bytes.resize(static_cast<std::size_t>(got));
    return bytes;
}

std::string reading(std::string const& path)
{
    return "cannot read the ledger " + path;
}

} // namespace

std::string ledger_path(std::string const& output)
{
    return output + ".ledger";
}

std::optional<Contents> read_ledger(std::string const& path)
{
    auto const file = open_file(path, O_RDONLY, reading(path));
    if (!file.valid()) return std::nullopt;
    return parse(read_all(file, reading(path)), path);
}

void remove_ledger(std::string const& path)
{
    if (::unlink(path.c_str()) != 0 && errno != ENOENT)
        file::throw_output_error("cannot remove the ledger " + path, errno);
    file::sync_folder_of(path);
}

Ledger::Ledger(std::string path, file::FileDescriptor file, std::uint64_t nonce, std::uint64_t sequence,
               std::uint64_t bytes)
    : path_(std::move(path)), file_(std::move(file)), nonce_(nonce), sequence_(sequence), bytes_(bytes)
{}

Ledger Ledger::create(std::string path, Header const& header)
{
    auto const problem = "cannot create the ledger " + path;
    auto const nonce = random_nonce();
    auto const bytes = encode(header, nonce);
    file::RemovedOnExit temporary{path + ".tmp"};
    file::FileDescriptor file{::open(temporary.path().c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)};
    if (!file.valid()) file::throw_output_error(problem, errno);
    if (auto const error = write_at(file, bytes, 0, problem)) file::throw_output_error(problem, error);
    if (auto const error = file::uninterrupted([&] { return ::fsync(file.get()); }))
        file::throw_output_error(problem, error);
    if (std::rename(temporary.path().c_str(), path.c_str()) != 0) file::throw_output_error(problem, errno);
    temporary.keep();
    file::sync_folder_of(path);
    return {std::move(path), std::move(file), nonce, 0, bytes.size()};
}

std::optional<Ledger::Opened> Ledger::open(std::string path)
{
    auto file = open_file(path, O_RDWR, reading(path));
    if (!file.valid()) return std::nullopt;
    auto contents = parse(read_all(file, reading(path)), path);
    Ledger ledger{std::move(path), std::move(file), contents.nonce, contents.sequence, contents.bytes};
    if (contents.torn > 0) ledger.cut_off_torn_end();
    return Opened{std::move(ledger), std::move(contents)};
}

void Ledger::cut_off_torn_end()
{
    auto const cut = [&] { return ::ftruncate(file_.get(), static_cast<off_t>(bytes_)); };
    if (auto const error = file::uninterrupted(cut)) fail("cannot cut off the torn end of the ledger " + path_, error);
    sync();
}

void Ledger::append(std::span<Record const> records)
{
    require_open();
    auto const bytes = encode(records, nonce_, sequence_);
    auto const problem = "cannot append to the ledger " + path_;
    if (auto const error = write_at(file_, bytes, bytes_, problem)) {
        // Where this fails too, whoever opens the ledger next does it.
        [[maybe_unused]] auto const ignored = ::ftruncate(file_.get(), static_cast<off_t>(bytes_));
        fail(problem, error);
    }
    sequence_ += records.size();
    bytes_ += bytes.size();
}

void Ledger::sync()
{
    require_open();
    // A second try would succeed although what was written is lost: the system tells of it once.
    if (auto const error = file::uninterrupted([&] { return ::fdatasync(file_.get()); }))
        fail("cannot make the ledger " + path_ + " durable", error);
}

void Ledger::require_open() const
{
    if (!file_.valid())
        throw OutputError("cannot append to the ledger " + path_, "an earlier write to it failed", "start again");
}

void Ledger::fail(std::string const& problem, int error)
{
    file_.close();
    file::throw_output_error(problem, error);
}

} // namespace distinfer::ledger
