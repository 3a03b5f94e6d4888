#include "hdf5_virtual_source.hpp"

#include "hdf5_file.hpp"
#include "hdf5_links.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <vector>

namespace distinfer::io
{

namespace
{

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

} // namespace

VirtualSource source_of(hid_t creation, std::size_t index, std::uint64_t block)
{
    Hid const filled{H5Pget_virtual_vspace(creation, index)};
    return {name_of(text_of(H5Pget_virtual_filename, creation, index), block),
            name_of(text_of(H5Pget_virtual_dsetname, creation, index), block),
            Hid{H5Pget_virtual_srcspace(creation, index)}, H5Sget_select_npoints(filled.get())};
}

SourceFile open_source_file(hid_t dataset, std::string const& name, std::string const& from, SourceRules const& rules)
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

} // namespace distinfer::io
