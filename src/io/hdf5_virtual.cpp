#include "hdf5_virtual.hpp"

#include "hdf5_file.hpp"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <vector>

namespace distinfer::io
{

namespace
{

constexpr int max_depth = 16;

/// One of the pieces that a virtual dataset is put together from.
struct Source
{
    std::string file;
    std::string dataset;
    Hid selection;         ///< what is taken from the source
    hssize_t elements = 0; ///< how many elements that should be; negative: as many as there are
};

template <class Get>
std::string text_of(Get get, hid_t creation, std::size_t index)
{
    auto const size = get(creation, index, nullptr, 0);
    if (size <= 0) return {};
    std::string text(static_cast<std::size_t>(size), '\0');
    get(creation, index, text.data(), text.size() + 1);
    return text;
}

/// Names may be patterns: %b is the number of a block, of which the first must exist; %% is a percent sign.
std::string first_of(std::string const& pattern)
{
    std::string name;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        bool const escaped = pattern[i] == '%' && i + 1 < pattern.size();
        if (escaped) ++i;
        name.push_back(escaped && pattern[i] == 'b' ? '0' : pattern[i]);
    }
    return name;
}

Source source_of(hid_t creation, std::size_t index)
{
    Hid const filled{H5Pget_virtual_vspace(creation, index)};
    return {first_of(text_of(H5Pget_virtual_filename, creation, index)),
            first_of(text_of(H5Pget_virtual_dsetname, creation, index)), Hid{H5Pget_virtual_srcspace(creation, index)},
            H5Sget_select_npoints(filled.get())};
}

/// The places where HDF5 looks for a source file, in its order.
std::vector<std::filesystem::path> candidates(std::filesystem::path const& name, std::filesystem::path const& from)
{
    std::vector<std::filesystem::path> found;
    auto const relative = name.is_absolute() ? name.filename() : name;
    if (name.is_absolute()) found.push_back(name);
    auto const* const prefixes = std::getenv("HDF5_VDS_PREFIX"); // NOLINT(concurrency-mt-unsafe)
    if (prefixes != nullptr && *prefixes != '\0') found.push_back(std::filesystem::path{prefixes} / relative);
    found.push_back(from.parent_path() / relative);
    found.push_back(relative);
    std::error_code ignored;
    found.push_back(std::filesystem::canonical(from, ignored).parent_path() / relative);
    return found;
}

/// A file that sources lie in. Neighbouring sources mostly share it.
struct SourceFile
{
    std::string name;
    std::string path;
    Hid id;
};

SourceFile open_source_file(hid_t dataset, std::string const& name, std::string const& from)
{
    if (name == ".") return {name, from, Hid{H5Iget_file_id(dataset)}};
    auto const access = file_access();
    for (auto const& path : candidates(name, from)) {
        Hid id{H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get())};
        if (id.valid()) return {name, path.string(), std::move(id)};
    }
    return {};
}

/// Does a hyperslab lie within the extents of a dataset? Along unlimited axes it takes what there is.
bool lies_within(hid_t hyperslab, hid_t space)
{
    auto const rank = H5Sget_simple_extent_ndims(space);
    if (rank != H5Sget_simple_extent_ndims(hyperslab)) return false;
    std::array<hsize_t, H5S_MAX_RANK> extents{};
    std::array<hsize_t, H5S_MAX_RANK> first{};
    std::array<hsize_t, H5S_MAX_RANK> last{};
    H5Sget_simple_extent_dims(space, extents.data(), nullptr);
    if (H5Sget_select_bounds(hyperslab, first.data(), last.data()) < 0) return false;
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(rank); ++axis) {
        if (last[axis] >= extents[axis] && last[axis] != H5S_UNLIMITED) return false;
    }
    return true;
}

void require_extent(hid_t source, Source const& wanted, std::string const& problem)
{
    Hid const space{H5Dget_space(source)};
    auto const kind = H5Sget_select_type(wanted.selection.get());
    // A selection of everything is stored without extents: only the number of elements can be compared.
    bool const fits = kind == H5S_SEL_HYPERSLABS ? lies_within(wanted.selection.get(), space.get())
                                                 : H5Sget_simple_extent_npoints(space.get()) >= wanted.elements;
    if (fits) return;
    throw InputError(problem, "it is virtual, and its source " + wanted.dataset + " in " + wanted.file +
                                  " is smaller than what is taken from it");
}

void require_sources(hid_t dataset, std::string const& path, std::string const& problem, int depth);

void require_source(SourceFile const& file, Source const& source, std::string const& problem, int depth)
{
    if (!file.id.valid()) {
        throw InputError(problem, "it is virtual, and its source file " + source.file + " cannot be opened",
                         "put the file in its place, or set HDF5_VDS_PREFIX to its folder");
    }
    Hid const opened{H5Dopen2(file.id.get(), source.dataset.c_str(), H5P_DEFAULT)};
    if (!opened.valid()) {
        auto const reason = last_reason();
        throw InputError(problem,
                         "it is virtual, and its source " + source.dataset + " in " + source.file +
                             " cannot be opened: " + reason,
                         version_suggestion(reason));
    }
    require_extent(opened.get(), source, problem);
    require_sources(opened.get(), file.path, problem, depth + 1);
}

void require_sources(hid_t dataset, std::string const& path, std::string const& problem, int depth)
{
    Hid const creation{H5Dget_create_plist(dataset)};
    if (H5Pget_layout(creation.get()) != H5D_VIRTUAL) return;
    if (depth > max_depth) throw InputError(problem, "virtual datasets refer to each other without end");
    std::size_t count = 0;
    succeeded<InputError>(H5Pget_virtual_count(creation.get(), &count), problem);
    SourceFile file;
    for (std::size_t i = 0; i < count; ++i) {
        auto const source = source_of(creation.get(), i);
        if (source.file != file.name) file = open_source_file(dataset, source.file, path);
        require_source(file, source, problem, depth);
    }
}

} // namespace

void require_virtual_sources(hid_t dataset, std::string const& path, std::string const& where)
{
    require_sources(dataset, path, "cannot read " + where, 0);
}

} // namespace distinfer::io
