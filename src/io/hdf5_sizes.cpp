#include "hdf5_sizes.hpp"

#include "distinfer/core/narrow.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <sys/stat.h>

namespace distinfer::io
{

namespace
{

constexpr std::uint64_t largest_chunk = std::uint64_t{512} << 20;

std::uint64_t bytes_of(std::span<hsize_t const> chunk, std::uint64_t element)
{
    auto bytes = element;
    for (auto const extent : chunk) bytes = checked_product(bytes, extent).value_or(UINT64_MAX);
    return bytes;
}

} // namespace

void require_sound_chunks(hid_t dataset, std::string const& where)
{
    Hid const creation{H5Dget_create_plist(dataset)};
    if (H5Pget_layout(creation.get()) != H5D_CHUNKED) return;
    std::array<hsize_t, H5S_MAX_RANK> extents{};
    auto const rank = H5Pget_chunk(creation.get(), static_cast<int>(extents.size()), extents.data());
    Hid const space{H5Dget_space(dataset)};
    auto const problem = "cannot use " + where;
    constexpr auto damaged = "the file is damaged: copy or write it again";
    std::span const chunk{extents.data(), static_cast<std::size_t>(std::max(rank, 0))};
    if (rank != H5Sget_simple_extent_ndims(space.get()))
        throw InputError(problem, "its chunks have other axes than it has itself", damaged);
    if (std::ranges::find(chunk, hsize_t{0}) != chunk.end())
        throw InputError(problem, "its chunks hold nothing", damaged);
    Hid const type{H5Dget_type(dataset)};
    auto const bytes = bytes_of(chunk, H5Tget_size(type.get()));
    if (H5Pget_nfilters(creation.get()) > 0 && bytes > largest_chunk)
        throw InputError(problem, "each of its filtered chunks takes " + std::to_string(bytes) + " bytes of memory",
                         "give it chunks of at most " + std::to_string(largest_chunk) + " bytes, with h5repack -l");
}

void require_rows_in_file(StoredLayout const& layout, DatasetInfo const& info, int descriptor, std::string const& where)
{
    if (layout.kind != StoredLayout::Kind::contiguous) return;
    struct stat about = {};
    auto const bytes = checked_product(info.rows, row_bytes(info.spec)).value_or(UINT64_MAX);
    auto const size = ::fstat(descriptor, &about) == 0 ? narrow<std::uint64_t>(about.st_size) : 0;
    if (layout.offset <= size && bytes <= size - layout.offset) return;
    throw InputError("cannot read " + where,
                     "its " + std::to_string(bytes) + " bytes begin at byte " + std::to_string(layout.offset) +
                         " of a file of " + std::to_string(size),
                     "the file is cut short or damaged: copy or write it again");
}

} // namespace distinfer::io
