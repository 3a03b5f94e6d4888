#include "chunk_cache.hpp"

#include "distinfer/core/narrow.hpp"

#include <array>
#include <utility>

namespace distinfer::io
{

namespace
{

constexpr std::uint64_t usual_bytes = 1 << 20; ///< HDF5's default
constexpr std::uint64_t most_bytes = 256 << 20;
constexpr std::size_t slots = 10'007; ///< a prime, well above the chunks of a row

/// Opens the dataset again with a cache of that size. It is closed first: ids of one dataset share one cache.
Hid reopen(Hid dataset, std::uint64_t bytes)
{
    std::array<char, 4096> name{};
    auto const length = H5Iget_name(dataset.get(), name.data(), name.size());
    if (length <= 0 || std::cmp_greater_equal(length, name.size())) return dataset;
    Hid const file{H5Iget_file_id(dataset.get())};
    auto const access = own<InternalError>(H5Pcreate(H5P_DATASET_ACCESS), "cannot set up HDF5");
    // Chunks that were read whole go first.
    succeeded<InternalError>(H5Pset_chunk_cache(access.get(), slots, bytes, 1.0), "cannot set up HDF5");
    dataset.reset();
    return own<InputError>(H5Dopen2(file.get(), name.data(), access.get()),
                           "cannot open " + std::string{name.data()} + " again");
}

} // namespace

std::optional<std::uint64_t> bytes_across(TensorSpec const& spec, std::span<hsize_t const> chunk)
{
    auto const& shape = spec.row_shape;
    auto bytes = checked_product(element_bytes(spec.dtype), chunk.front());
    for (std::size_t axis = 0; axis < shape.size() && bytes; ++axis) {
        auto const extent = narrow<std::uint64_t>(shape[axis]);
        auto const chunks = extent / chunk[axis + 1] + (extent % chunk[axis + 1] == 0 ? 0 : 1);
        bytes = checked_product(*bytes, checked_product(chunks, chunk[axis + 1]).value_or(UINT64_MAX));
    }
    return bytes;
}

void cache_chunks(OpenDataset& dataset)
{
    Hid const creation{H5Dget_create_plist(dataset.id.get())};
    std::array<hsize_t, 32> chunk{};
    if (H5Pget_layout(creation.get()) != H5D_CHUNKED) return;
    if (H5Pget_chunk(creation.get(), static_cast<int>(chunk.size()), chunk.data()) <= 0) return;
    auto const bytes = bytes_across(dataset.info.spec, chunk);
    if (!bytes || *bytes <= usual_bytes || *bytes > most_bytes) return;
    dataset.id = reopen(std::move(dataset.id), *bytes);
}

} // namespace distinfer::io
