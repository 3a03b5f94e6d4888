#include "hdf5_layout.hpp"

#include "chunk_cache.hpp"
#include "distinfer/core/narrow.hpp"
#include "hdf5_filters.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <span>
#include <utility>

namespace distinfer::io
{

namespace
{

/// The type that fixes the bits of an element: an enumeration's is that of its integers.
Hid base_type(hid_t type)
{
    return Hid{H5Tget_class(type) == H5T_ENUM ? H5Tget_super(type) : H5Tcopy(type)};
}

bool has_other_order(hid_t type)
{
    auto const order = H5Tget_order(type);
    return order == (std::endian::native == std::endian::little ? H5T_ORDER_BE : H5T_ORDER_LE);
}

/// Whether an element's bits fill its bytes, so that it can be used as it is stored.
bool fills_its_bytes(hid_t type)
{
    return H5Tget_offset(type) == 0 && H5Tget_precision(type) == 8 * H5Tget_size(type);
}

std::optional<Filter> filter_at(hid_t creation, unsigned index)
{
    unsigned flags = 0;
    std::array<unsigned, 8> values{};
    std::size_t count = values.size();
    auto const id = H5Pget_filter2(creation, index, &flags, &count, values.data(), 0, nullptr, nullptr);
    if (id == H5Z_FILTER_DEFLATE) return Filter{Filter::Kind::deflate};
    if (id == H5Z_FILTER_FLETCHER32) return Filter{Filter::Kind::fletcher32};
    if (id == lzf_filter) return Filter{Filter::Kind::lzf};
    if (id == H5Z_FILTER_SHUFFLE && count > 0) return Filter{Filter::Kind::shuffle, values[0]};
    return std::nullopt;
}

/// The filters, or nothing where one is not ours to undo.
std::optional<std::vector<Filter>> filters_of(hid_t creation)
{
    std::vector<Filter> filters;
    for (int i = 0; i < H5Pget_nfilters(creation); ++i) {
        auto const filter = filter_at(creation, static_cast<unsigned>(i));
        if (!filter) return std::nullopt;
        filters.push_back(*filter);
    }
    return filters;
}

std::vector<std::byte> fill_value(hid_t creation, hid_t type)
{
    H5D_fill_value_t status = H5D_FILL_VALUE_UNDEFINED;
    if (H5Pfill_value_defined(creation, &status) < 0 || status != H5D_FILL_VALUE_USER_DEFINED) return {};
    std::vector<std::byte> value(H5Tget_size(type));
    if (H5Pget_fill_value(creation, type, value.data()) < 0) return {};
    return value;
}

std::uint64_t user_block(hid_t dataset)
{
    Hid const file{H5Iget_file_id(dataset)};
    Hid const creation{H5Fget_create_plist(file.get())};
    hsize_t bytes = 0;
    return H5Pget_userblock(creation.get(), &bytes) < 0 ? 0 : bytes;
}

StoredLayout contiguous_layout(hid_t dataset, hid_t creation, StoredLayout layout)
{
    // H5Dget_offset counts the user block in; a block of doubtful releases is left to HDF5 altogether.
    auto const offset = H5Dget_offset(dataset);
    if (offset == HADDR_UNDEF || H5Pget_external_count(creation) != 0 || user_block(dataset) != 0) return layout;
    layout.kind = StoredLayout::Kind::contiguous;
    layout.offset = offset;
    return layout;
}

/// A chunk of rows that lie in it as they lie in memory.
bool has_whole_rows(std::span<hsize_t const> chunk, TensorSpec const& spec)
{
    return std::ranges::equal(chunk.subspan(1), spec.row_shape,
                              [](hsize_t extent, std::int64_t wanted) { return std::cmp_equal(extent, wanted); });
}

/// Whether chunks may travel as they are stored. HDF5 cannot decode lzf by itself.
bool may_travel(std::span<hsize_t const> chunk, StoredForm const& form, ChunkLimits const& limits)
{
    bool const hdf5_can = std::ranges::none_of(form.filters, [](Filter const& filter) {
        return filter.kind == Filter::Kind::lzf && H5Zfilter_avail(lzf_filter) <= 0;
    });
    if (!hdf5_can) return true;
    auto const rows = checked_product(chunk.front(), limits.shares);
    auto const bytes = bytes_across(form.spec, chunk);
    return rows && *rows <= form.rows && bytes && *bytes <= limits.bytes;
}

StoredLayout chunked_layout(hid_t creation, StoredLayout layout, ChunkLimits const& limits)
{
    unsigned options = 0;
    auto const filters = filters_of(creation);
    if (!filters || H5Pget_chunk_opts(creation, &options) < 0 || options != 0) return layout;
    std::array<hsize_t, 32> extents{};
    auto const rank = H5Pget_chunk(creation, static_cast<int>(extents.size()), extents.data());
    std::span const chunk{extents.data(), static_cast<std::size_t>(std::max(rank, 0))};
    if (!filters->empty()) {
        layout.form.filters = *filters;
        if (!may_travel(chunk, layout.form, limits)) return layout;
        layout.kind = StoredLayout::Kind::chunks;
        layout.form.chunk.assign(chunk.begin(), chunk.end());
    } else if (!chunk.empty() && !layout.form.swapped && has_whole_rows(chunk, layout.form.spec)) {
        // H5Dread takes over where a chunk is not there, and it gives elements in the machine's order.
        layout.kind = StoredLayout::Kind::row_chunks;
        layout.chunk_rows = chunk.front();
    }
    return layout;
}

} // namespace

StoredLayout find_layout(hid_t dataset, DatasetInfo const& info, ChunkLimits const& limits)
{
    StoredLayout layout{.form = {.spec = info.spec, .rows = info.rows}};
    Hid const type{H5Dget_type(dataset)};
    auto const base = base_type(type.get());
    Hid const creation{H5Dget_create_plist(dataset)};
    if (info.rows == 0 || row_bytes(info.spec) == 0 || !fills_its_bytes(base.get())) return layout;

    auto raw = layout;
    raw.form.swapped = element_bytes(info.spec.dtype) > 1 && has_other_order(base.get());
    raw.form.fill = fill_value(creation.get(), type.get());
    auto const kind = H5Pget_layout(creation.get());
    auto found = layout;
    if (kind == H5D_CONTIGUOUS) found = contiguous_layout(dataset, creation.get(), raw);
    if (kind == H5D_CHUNKED) found = chunked_layout(creation.get(), raw, limits);
    return found.kind == StoredLayout::Kind::through_hdf5 ? layout : found;
}

bool is_in_other_file(hid_t dataset, hid_t opened)
{
    H5O_info_t of_dataset{};
    H5O_info_t of_file{};
    succeeded<InputError>(H5Oget_info1(dataset, &of_dataset), "cannot tell the file of a dataset");
    succeeded<InputError>(H5Oget_info1(opened, &of_file), "cannot tell the file of a dataset");
    return of_dataset.fileno != of_file.fileno;
}

} // namespace distinfer::io
