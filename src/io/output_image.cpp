#include "output_image.hpp"

#include "distinfer/core/error.hpp"
#include "distinfer/file/fully.hpp"
#include "distinfer/file/retries.hpp"
#include "distinfer/file/trouble.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/stat.h>
#include <unistd.h>

namespace distinfer::io
{

namespace
{

constexpr std::uint64_t head_bytes = 2048; ///< HDF5's superblock and root group, which say where the file ends

/// Bytes begin .. end-1 of the file.
struct Piece
{
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

/// What lies between the rows from `begin` on, up to the file's end.
std::vector<Piece> gaps(std::uint64_t begin, std::uint64_t size, std::uint64_t rows,
                        std::vector<PlacedDataset> datasets)
{
    std::ranges::sort(datasets, {}, &PlacedDataset::offset);
    std::vector<Piece> pieces;
    for (auto const& placed : datasets) {
        if (rows * placed.row_bytes == 0) continue;
        if (begin < placed.offset) pieces.push_back({begin, placed.offset});
        begin = placed.offset + rows * placed.row_bytes;
    }
    if (begin < size) pieces.push_back({begin, size});
    return pieces;
}

void append(std::vector<std::byte>& image, std::uint64_t number)
{
    auto const at = image.size();
    image.resize(at + sizeof number);
    std::memcpy(image.data() + at, &number, sizeof number);
}

std::uint64_t take_number(std::span<std::byte const>& image, std::string const& path)
{
    std::uint64_t number = 0;
    if (image.size() < sizeof number) throw OutputError("cannot go on with " + path, "its ledger is damaged");
    std::memcpy(&number, image.data(), sizeof number);
    image = image.subspan(sizeof number);
    return number;
}

std::uint64_t size_of(file::FileDescriptor const& file, std::string const& path)
{
    struct stat about = {};
    if (::fstat(file.get(), &about) != 0) file::throw_output_error("cannot read " + path, errno);
    return static_cast<std::uint64_t>(about.st_size);
}

} // namespace

std::vector<std::byte> read_image(file::FileDescriptor const& file, std::string const& path, std::uint64_t own_from,
                                  std::uint64_t rows, std::vector<PlacedDataset> const& datasets)
{
    auto const problem = "cannot read " + path;
    auto const size = size_of(file, path);
    auto pieces = gaps(own_from, size, rows, datasets);
    pieces.insert(pieces.begin(), {0, std::min(head_bytes, own_from)});
    std::vector<std::byte> image;
    append(image, size);
    for (auto const& [begin, end] : pieces) {
        append(image, begin);
        append(image, end - begin);
        auto const at = image.size();
        image.resize(at + (end - begin));
        auto const read_at = [&](auto... where) { return ::pread(file.get(), where...); };
        auto const got = file::read_fully(std::span{image}.subspan(at), begin, read_at,
                                          file::Retries{file::Retries::Of::reading, problem});
        if (got < 0) file::throw_output_error(problem, static_cast<int>(-got));
    }
    return image;
}

void restore_image(file::FileDescriptor const& file, std::string const& path, std::span<std::byte const> image)
{
    auto const problem = "cannot go on with " + path;
    auto const size = take_number(image, path);
    while (!image.empty()) {
        auto const begin = take_number(image, path);
        auto const bytes = take_number(image, path);
        if (bytes > image.size()) throw OutputError(problem, "its ledger is damaged");
        auto const write_at = [&](auto... where) { return ::pwrite(file.get(), where...); };
        if (auto const error = file::write_fully(image.first(bytes), begin, write_at,
                                                 file::Retries{file::Retries::Of::writing, problem}))
            file::throw_output_error(problem, error);
        image = image.subspan(bytes);
    }
    auto const cut = [&] { return ::ftruncate(file.get(), static_cast<off_t>(size)); };
    if (auto const error = file::uninterrupted(cut)) file::throw_output_error(problem, error);
    if (auto const error = file::uninterrupted([&] { return ::fsync(file.get()); }))
        file::throw_output_error(problem, error);
}

} // namespace distinfer::io
