#include "hdf5_dataset.hpp"

#include "distinfer/core/did_you_mean.hpp"
#include "hdf5_file.hpp"
#include "hdf5_links.hpp"
#include "hdf5_storage.hpp"
#include "hdf5_types.hpp"

#include <algorithm>

namespace distinfer::io
{

namespace
{

constexpr std::size_t max_listed = 20;

/// HDF5 has no call that says whether a path leads somewhere: each part of it has to be asked for.
bool link_exists(hid_t file, std::string const& name)
{
    for (auto end = name.find('/', 1);; end = name.find('/', end + 1)) {
        auto const part = name.substr(0, end);
        if (part != "/" && !part.ends_with('/') && H5Lexists(file, part.c_str(), H5P_DEFAULT) <= 0) return false;
        if (end == std::string::npos) return true;
    }
}

std::string join(std::vector<std::string> const& names)
{
    if (names.empty()) return "none";
    std::string list;
    for (std::size_t i = 0; i < std::min(names.size(), max_listed); ++i)
        list.append(i == 0 ? "" : ", ").append(names[i]);
    if (names.size() > max_listed)
        list.append(" and ").append(std::to_string(names.size() - max_listed)).append(" more");
    return list;
}

std::string suggest(std::string const& name, std::vector<std::string> const& names)
{
    std::vector<std::string_view> const known(names.begin(), names.end());
    auto const best = nearest(name.starts_with('/') ? name : "/" + name, known);
    return best.empty() ? "name one of them" : "did you mean '" + std::string{best} + "'?";
}

[[noreturn]] void fail_to_open(hid_t file, std::string const& path, std::string const& name)
{
    auto const reason = last_reason();
    if (!name.empty() && link_exists(file, name)) {
        throw InputError("cannot open " + name + " in " + path, reason, version_suggestion(reason));
    }
    auto const names = datasets_of(file);
    throw InputError("there is no dataset '" + name + "' in " + path, "its datasets: " + join(names),
                     suggest(name, names));
}

DType require_dtype(hid_t dataset, std::string const& where)
{
    auto const type = own<InputError>(H5Dget_type(dataset), "cannot read the type of " + where);
    auto const dtype = dtype_of(type.get());
    if (!dtype) refuse_type(where, describe_type(type.get()));
    return *dtype;
}

DatasetInfo describe_open(hid_t dataset, std::string const& where)
{
    auto const dtype = require_dtype(dataset, where);
    auto const extents = extents_of(dataset, where);
    return make_dataset_info(dtype, {extents.begin(), extents.end()}, where);
}

} // namespace

Hid open_any_dataset(hid_t file, std::string const& path, std::string const& name, External external)
{
    auto object = open_linked(file, name, external, name + " in " + path);
    if (!object.valid()) fail_to_open(file, path, name);
    auto const kind = H5Iget_type(object.get());
    if (kind == H5I_DATASET) return object;
    auto const* const what = kind == H5I_GROUP ? "a group" : "a stored type";
    throw InputError(name + " in " + path + " is not a dataset", "it is " + std::string{what},
                     "the file's datasets: " + join(datasets_of(file)));
}

std::vector<hsize_t> extents_of(hid_t dataset, std::string const& where)
{
    auto const space = own<InputError>(H5Dget_space(dataset), "cannot read the shape of " + where);
    auto const problem = "cannot use " + where;
    if (H5Sget_simple_extent_type(space.get()) == H5S_NULL) throw InputError(problem, "it has no shape and no data");
    auto const rank = H5Sget_simple_extent_ndims(space.get());
    if (rank <= 0) throw InputError(problem, "it is a single value", "it needs an axis of rows: [rows, ...]");
    std::vector<hsize_t> extents(static_cast<std::size_t>(rank));
    succeeded<InputError>(H5Sget_simple_extent_dims(space.get(), extents.data(), nullptr), problem);
    return extents;
}

OpenDataset open_dataset(hid_t file, std::string const& path, std::string const& name, External external)
{
    auto object = open_any_dataset(file, path, name, external);
    auto const where = name + " in " + path;
    // First, because HDF5 opens the sources of a virtual dataset when it is asked for the shape.
    require_storage(object.get(), path, where, external);
    auto info = describe_open(object.get(), where);
    return {std::move(object), std::move(info)};
}

} // namespace distinfer::io
