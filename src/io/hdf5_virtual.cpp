#include "hdf5_virtual.hpp"

#include "hdf5_external.hpp"
#include "hdf5_file.hpp"
#include "hdf5_links.hpp"
#include "hdf5_virtual_source.hpp"

#include <array>
#include <cstdint>

namespace distinfer::io
{

namespace
{

constexpr int max_depth = 16;

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

void require_extent(hid_t source, VirtualSource const& wanted, std::string const& problem)
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

void require_sources(hid_t dataset, std::string const& path, SourceRules const& rules, int depth);

/// Opens a source, and looks at where it has its own data from.
/// @return an empty handle where it cannot be opened
Hid open_source(SourceFile const& file, VirtualSource const& source, SourceRules const& rules, int depth)
{
    auto opened = open_linked(file.id.get(), source.dataset, rules.external, rules.where);
    if (!opened.valid() || H5Iget_type(opened.get()) != H5I_DATASET) return {};
    if (rules.external == External::refuse)
        require_external_files(opened.get(), file.path, rules.where, rules.external);
    require_sources(opened.get(), file.path, rules, depth + 1);
    return opened;
}

void require_source(SourceFile const& file, VirtualSource const& source, SourceRules const& rules, int depth)
{
    auto const problem = "cannot read " + rules.where;
    if (!file.id.valid()) {
        throw InputError(problem, "it is virtual, and its source file " + source.file + " cannot be opened",
                         "put the file in its place, or set HDF5_VDS_PREFIX to its folder");
    }
    auto const opened = open_source(file, source, rules, depth);
    if (!opened.valid()) {
        auto const reason = last_reason();
        throw InputError(problem,
                         "it is virtual, and its source " + source.dataset + " in " + source.file +
                             " cannot be opened: " + reason,
                         version_suggestion(reason));
    }
    require_extent(opened.get(), source, problem);
}

/// HDF5 takes the blocks of a pattern up to the first that is missing.
void require_near_blocks(hid_t dataset, hid_t creation, std::size_t index, std::string const& path,
                         SourceRules const& rules, int depth)
{
    auto last = source_of(creation, index, 0);
    for (std::uint64_t block = 1;; ++block) {
        auto source = source_of(creation, index, block);
        if (source.is_same(last)) return; // no pattern
        auto const file = open_source_file(dataset, source.file, path, rules);
        if (!file.id.valid() || !open_source(file, source, rules, depth).valid()) return;
        last = std::move(source);
    }
}

void require_sources(hid_t dataset, std::string const& path, SourceRules const& rules, int depth)
{
    Hid const creation{H5Dget_create_plist(dataset)};
    if (H5Pget_layout(creation.get()) != H5D_VIRTUAL) return;
    auto const problem = "cannot read " + rules.where;
    if (depth > max_depth) throw InputError(problem, "virtual datasets refer to each other without end");
    std::size_t count = 0;
    succeeded<InputError>(H5Pget_virtual_count(creation.get(), &count), problem);
    SourceFile file;
    for (std::size_t i = 0; i < count; ++i) {
        auto const source = source_of(creation.get(), i, 0);
        if (source.file != file.name) file = open_source_file(dataset, source.file, path, rules);
        require_source(file, source, rules, depth);
        if (rules.external == External::refuse) require_near_blocks(dataset, creation.get(), i, path, rules, depth);
    }
}

} // namespace

void require_virtual_sources(hid_t dataset, std::string const& path, std::string const& where, External external)
{
    require_sources(dataset, path, {.where = where, .external = external}, 0);
}

} // namespace distinfer::io
