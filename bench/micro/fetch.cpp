#include "data.hpp"
#include "distinfer/core/buffer.hpp"
#include "distinfer/io/hdf5_source.hpp"

#include <algorithm>
#include <fcntl.h>
#include <memory>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace distinfer::bench
{

namespace
{

/// A file that is fetched in windows, into one buffer. It was written just now, so it is in the page cache.
struct Fetching
{
    Fetching(Settings const& settings, test::StoredAs const& stored)
        : file(settings, numbers_spec(), numbers(settings.window_bytes * settings.windows), stored),
          source(file.path(), {"/x"}),
          descriptor(::open(file.path().c_str(), O_RDONLY | O_CLOEXEC)),
          windows(settings.windows),
          rows(source.rows() / windows)
    {
        struct stat about = {};
        if (::fstat(descriptor.get(), &about) != 0) throw std::runtime_error("no " + file.path());
        file_bytes = static_cast<std::uint64_t>(about.st_size);
    }

    std::uint64_t fetch(std::uint64_t turn)
    {
        RowRange const window{turn % windows * rows, (turn % windows + 1) * rows};
        auto const bytes = source.wire_bytes(window);
        buffer.resize(bytes);
        source.fetch(window, buffer.span());
        return bytes;
    }

    /// As many bytes in each call as a window has of the file.
    std::uint64_t read(std::uint64_t turn)
    {
        auto const bytes = file_bytes / windows;
        buffer.resize(bytes);
        auto const got = ::pread(descriptor.get(), buffer.data(), bytes, static_cast<off_t>(turn % windows * bytes));
        if (std::cmp_not_equal(got, bytes)) throw std::runtime_error("pread gave a part of " + file.path());
        return bytes;
    }

    MadeFile file;
    io::Hdf5Source source;
    file::FileDescriptor descriptor;
    std::uint64_t windows;
    std::uint64_t rows; ///< of a window
    std::uint64_t file_bytes = 0;
    Buffer buffer;
};

void add_pair(Settings const& settings, std::string const& what, test::StoredAs const& stored)
{
    auto const stage = "fetch: " + what;
    auto const fetching = once<Fetching>([=] { return std::make_unique<Fetching>(settings, stored); });
    add(stage, "dist-infer", [=](std::uint64_t turn) { return fetching().fetch(turn); });
    add(stage, "pread", [=](std::uint64_t turn) { return fetching().read(turn); });
}

} // namespace

void add_fetch(Settings const& settings)
{
    add_pair(settings, "contiguous rows", {});
    add_pair(settings, "chunks of 256 KiB without filters", {.chunk = {chunk_rows, 32, 32}});
    add_pair(settings, "chunks of 256 KiB, shuffle and gzip, as stored",
             {.chunk = {chunk_rows, 32, 32}, .deflate = 1, .shuffle = true});
    add_pair(settings, "chunks of 4 KiB, shuffle and gzip, as stored",
             {.chunk = {1, 32, 32}, .deflate = 1, .shuffle = true});
}

} // namespace distinfer::bench
