#include "hdf5_filters.hpp"

#include <array>
#include <cstring>
#include <optional>

namespace distinfer::io
{

namespace
{

struct MissingFilter
{
    unsigned index;
    H5Z_filter_t id;
    std::string name;
};

/// Files often leave out the name, or put a sentence there.
std::string_view registered_name(H5Z_filter_t id)
{
    constexpr std::array<std::pair<H5Z_filter_t, std::string_view>, 12> names{{
        {1, "deflate"},
        {4, "szip"},
        {305, "LZO"},
        {307, "bzip2"},
        {lzf_filter, "lzf"},
        {32001, "blosc"},
        {32004, "lz4"},
        {32008, "bitshuffle"},
        {32013, "zfp"},
        {32015, "zstd"},
        {32017, "SZ"},
        {32026, "blosc2"},
    }};
    for (auto const& [known, name] : names) {
        if (known == id) return name;
    }
    return {};
}

std::optional<MissingFilter> find_missing(hid_t dataset, bool lzf_is_known = true)
{
    Hid const creation{H5Dget_create_plist(dataset)};
    for (int i = 0; i < H5Pget_nfilters(creation.get()); ++i) {
        unsigned flags = 0;
        std::size_t values = 0;
        std::array<char, 64> name{};
        auto const id = H5Pget_filter2(creation.get(), static_cast<unsigned>(i), &flags, &values, nullptr,
                                       name.size() - 1, name.data(), nullptr);
        bool const is_known = id < 0 || (id == lzf_filter && lzf_is_known) || H5Zfilter_avail(id) > 0;
        if (is_known) continue;
        auto const known = registered_name(id);
        return MissingFilter{static_cast<unsigned>(i), id, known.empty() ? name.data() : std::string{known}};
    }
    return std::nullopt;
}

std::string to_string(MissingFilter const& filter)
{
    auto const number = "filter " + std::to_string(filter.id);
    return filter.name.empty() ? number : number + " (" + filter.name + ")";
}

/// A chunk says which filters were left out when it was stored.
bool first_chunk_needs(hid_t dataset, MissingFilter const& filter)
{
    if (H5Dget_storage_size(dataset) == 0) return false;
    Hid const space{H5Dget_space(dataset)};
    unsigned left_out = 0;
    if (H5Dget_chunk_info(dataset, space.get(), 0, nullptr, &left_out, nullptr, nullptr) < 0) return true;
    return (left_out & (1U << filter.index)) == 0;
}

[[noreturn]] void refuse(MissingFilter const& filter, std::string const& where)
{
    throw InputError("cannot read " + where, to_string(filter) + " is not available", filter_suggestion());
}

} // namespace

std::string missing_filter(hid_t dataset)
{
    auto const missing = find_missing(dataset);
    return missing ? to_string(*missing) : std::string{};
}

void require_filters(hid_t dataset, std::string const& where)
{
    auto const missing = find_missing(dataset);
    if (missing && first_chunk_needs(dataset, *missing)) refuse(*missing, where);
}

void require_filters_of_hdf5(hid_t dataset, std::string const& where)
{
    auto const missing = find_missing(dataset, false);
    if (missing) refuse(*missing, where);
}

std::string_view filter_suggestion()
{
    return "set HDF5_PLUGIN_PATH to a folder with its plugin (pip install hdf5plugin has most), "
           "or write the data again without it";
}

} // namespace distinfer::io
