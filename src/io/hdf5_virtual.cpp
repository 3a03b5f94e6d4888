#include "hdf5_virtual.hpp"

#include "hdf5_external.hpp"
#include "hdf5_file.hpp"
#include "hdf5_links.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <vector>

namespace distinfer::io
{

namespace
{

constexpr int max_depth = 16;

struct Rules
{
    std::string const& where; ///< names the dataset in messages
    External external;
};

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

/// Names may be patterns: %b is the number of a block, %% is a percent sign.
std::string name_of(std::string const& pattern, std::uint64_t block)
{
    std::string name;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        bool const escaped = pattern[i] == '%' && i + 1 < pattern.size();
        if (escaped) ++i;
        name += escaped && pattern[i] == 'b' ? std::to_string(block) : std::string{pattern[i]};
    }
    return name;
}

/// Source number `index`, and of a pattern that block, of which the first must exist.
Source source_of(hid_t creation, std::size_t index, std::uint64_t block)
{
    Hid const filled{H5Pget_virtual_vspace(creation, index)};
    return {name_of(text_of(H5Pget_virtual_filename, creation, index), block),
            name_of(text_of(H5Pget_virtual_dsetname, creation, index), block),
            Hid{H5Pget_virtual_srcspace(creation, index)}, H5Sget_select_npoints(filled.get())};
}

std::filesystem::path folder_by_environment()
{
    auto const* const set = std::getenv("HDF5_VDS_PREFIX"); // NOLINT(concurrency-mt-unsafe)
    return set == nullptr ? "" : set;
}

/// The places where HDF5 looks for a source file, in its order.
std::vector<std::filesystem::path> candidates(std::filesystem::path const& name, std::filesystem::path const& from)
{
    std::vector<std::filesystem::path> found;
    auto const relative = name.is_absolute() ? name.filename() : name;
    if (name.is_absolute()) found.push_back(name);
    auto const prefix = folder_by_environment();
    if (!prefix.empty()) found.push_back(prefix / relative);
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

/// Whether a file lies in a folder or below it, whatever links lead there.
bool lies_in(std::filesystem::path const& file, std::filesystem::path const& folder)
{
    std::error_code ignored;
    auto const inner = std::filesystem::canonical(file, ignored);
    auto const outer = std::filesystem::canonical(folder.empty() ? "." : folder, ignored);
    return !outer.empty() && std::ranges::mismatch(outer, inner).in1 == outer.end();
}

/// Whether a source lies in a folder that the user has named: that of the file that names it, as it is written or where
/// links lead, or that of the environment.
bool is_near(std::filesystem::path const& source, std::filesystem::path const& from)
{
    std::error_code ignored;
    auto const prefix = folder_by_environment();
    return lies_in(source, from.parent_path()) || (!prefix.empty() && lies_in(source, prefix)) ||
           lies_in(source, std::filesystem::canonical(from, ignored).parent_path());
}

SourceFile open_source_file(hid_t dataset, std::string const& name, std::string const& from, Rules const& rules)
{
    if (name == ".") return {name, from, Hid{H5Iget_file_id(dataset)}};
    auto const access = file_access();
    for (auto const& path : candidates(name, from)) {
        std::error_code ignored;
        if (!std::filesystem::exists(path, ignored)) continue;
        if (rules.external == External::refuse && !is_near(path, from))
            refuse_outside(rules.where,
                           "it is virtual, and its source " + path.string() + " lies outside the folder of " + from);
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

void require_sources(hid_t dataset, std::string const& path, Rules const& rules, int depth);

/// Opens a source, and looks at where it has its own data from.
/// @return an empty handle where it cannot be opened
Hid open_source(SourceFile const& file, Source const& source, Rules const& rules, int depth)
{
    auto opened = open_linked(file.id.get(), source.dataset, rules.external, rules.where);
    if (!opened.valid() || H5Iget_type(opened.get()) != H5I_DATASET) return {};
    if (rules.external == External::refuse)
        require_external_files(opened.get(), file.path, rules.where, rules.external);
    require_sources(opened.get(), file.path, rules, depth + 1);
    return opened;
}

void require_source(SourceFile const& file, Source const& source, Rules const& rules, int depth)
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
void require_near_blocks(hid_t dataset, hid_t creation, std::size_t index, std::string const& path, Rules const& rules,
                         int depth)
{
    auto last = source_of(creation, index, 0);
    for (std::uint64_t block = 1;; ++block) {
        auto source = source_of(creation, index, block);
        if (source.file == last.file && source.dataset == last.dataset) return; // no pattern
        auto const file = open_source_file(dataset, source.file, path, rules);
        if (!file.id.valid() || !open_source(file, source, rules, depth).valid()) return;
        last = std::move(source);
    }
}

void require_sources(hid_t dataset, std::string const& path, Rules const& rules, int depth)
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
    require_sources(dataset, path, {where, external}, 0);
}

} // namespace distinfer::io
