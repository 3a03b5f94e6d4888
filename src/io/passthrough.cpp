#include "distinfer/io/passthrough.hpp"

#include "dataset_name.hpp"
#include "distinfer/core/check.hpp"
#include "hdf5_dataset.hpp"
#include "hdf5_elements.hpp"
#include "hdf5_filters.hpp"
#include "hdf5_sizes.hpp"
#include "hdf5_storage.hpp"
#include "hdf5_types.hpp"
#include "passthrough_copy.hpp"

#include <algorithm>
#include <numeric>

namespace distinfer::io
{

namespace
{

/// What a dataset has in one file, and has to have in every other.
struct Found
{
    std::string where;
    Hid type;
    std::vector<hsize_t> extents;
    std::uint64_t bytes = 0;
};

struct Rules
{
    bool is_joined = false; ///< the datasets of several files, whose rows are read and written
    External external = External::refuse;
};

std::vector<std::string> checked_names(std::vector<std::string> const& datasets)
{
    std::vector<std::string> names;
    for (auto const& dataset : datasets) {
        auto const name = absolute_name(dataset);
        auto const problem = "output.passthrough has '" + std::string{dataset.c_str()} + "'";
        if (!name) throw ConfigError(problem, "that cannot name a dataset", "name it like /labels");
        if (exclude_each_other(*name, own_group))
            throw ConfigError(problem, std::string{own_group} + " is dist-infer's own group", "leave it out");
        if (std::ranges::find(names, *name) != names.end())
            throw ConfigError("output.passthrough has " + *name + " twice", {}, "name it once");
        names.push_back(*name);
    }
    return names;
}

void require_no_references(hid_t type, std::string const& where)
{
    if (H5Tdetect_class(type, H5T_REFERENCE) <= 0) return;
    throw InputError("cannot copy " + where, "it holds references, which lead nowhere in another file",
                     "leave it out of output.passthrough");
}

void require_rows(std::uint64_t rows, std::uint64_t wanted, std::string const& where)
{
    if (rows == wanted) return;
    throw InputError("cannot copy " + where + " beside the outputs",
                     "it has " + std::to_string(rows) + " rows, and the model's inputs have " + std::to_string(wanted) +
                         " there",
                     "leave it out of output.passthrough");
}

/// Chunks that are copied as they are stored need none of their filters.
void require_readable(hid_t dataset, hid_t type, std::string const& file, std::string const& where, Rules const& rules)
{
    Hid const creation{H5Dget_create_plist(dataset)};
    if (H5Pget_layout(creation.get()) != H5D_CHUNKED) return require_storage(dataset, file, where, rules.external);
    if (!rules.is_joined && !may_point_elsewhere(type)) return;
    require_filters_of_hdf5(dataset, where);
    require_sound_chunks(dataset, where);
}

std::uint64_t bytes_of(hid_t dataset, hid_t type)
{
    if (!lies_elsewhere(dataset)) return H5Dget_storage_size(dataset);
    Hid const space{H5Dget_space(dataset)};
    return static_cast<std::uint64_t>(H5Sget_simple_extent_npoints(space.get())) * H5Tget_size(type);
}

Found find(hid_t opened, std::string const& file, std::string const& name, std::uint64_t rows, Rules const& rules)
{
    auto const dataset = open_any_dataset(opened, file, name, rules.external);
    auto where = name + " in " + file;
    auto type = own<InputError>(H5Dget_type(dataset.get()), "cannot read the type of " + where);
    // First, because HDF5 opens the sources of a virtual dataset when it is asked for the shape.
    require_readable(dataset.get(), type.get(), file, where, rules);
    auto extents = extents_of(dataset.get(), where);
    require_no_references(type.get(), where);
    require_rows(extents.front(), rows, where);
    auto const bytes = bytes_of(dataset.get(), type.get());
    return {std::move(where), std::move(type), std::move(extents), bytes};
}

/// "[rows, 3] of uint8": not all that types may differ in, but most of it.
std::string form_of(Found const& found)
{
    std::string shape = "[rows";
    for (auto i = found.extents.begin() + 1; i != found.extents.end(); ++i) shape += ", " + std::to_string(*i);
    auto const dtype = dtype_of(found.type.get());
    auto const bytes = std::to_string(H5Tget_size(found.type.get()));
    return shape + "] of " +
           (dtype ? std::string{name_of(*dtype)} : describe_type(found.type.get()) + ", " + bytes + " bytes each");
}

void require_same(Found const& first, Found const& other)
{
    bool const same_rows = std::ranges::equal(first.extents.begin() + 1, first.extents.end(), other.extents.begin() + 1,
                                              other.extents.end());
    if (same_rows && H5Tequal(first.type.get(), other.type.get()) > 0) return;
    auto const form = form_of(other);
    auto const difference =
        form_of(first) == form ? form + ", in another byte order, encoding or with other members" : form;
    throw InputError("the input files do not fit together",
                     first.where + " is " + form_of(first) + ", " + other.where + " is " + difference,
                     "output.passthrough joins only datasets of the same type and row shape");
}

} // namespace

Passthrough check_passthrough(std::vector<std::string> files, std::vector<std::uint64_t> const& rows,
                              std::vector<std::string> const& datasets, External external)
{
    expects(files.size() == rows.size(), "a number of rows for every file");
    if (datasets.empty()) return {};
    QuietErrors const quiet;
    Passthrough passthrough{.files = std::move(files),
                            .datasets = checked_names(datasets),
                            .rows = std::accumulate(rows.begin(), rows.end(), std::uint64_t{0}),
                            .external = external};
    Rules const rules{.is_joined = rows.size() > 1, .external = external};
    std::vector<Found> first;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto const& file = passthrough.files[i];
        auto const opened = open_to_copy(file);
        for (std::size_t j = 0; j < passthrough.datasets.size(); ++j) {
            auto found = find(opened.get(), file, passthrough.datasets[j], rows[i], rules);
            passthrough.bytes += found.bytes;
            if (i == 0)
                first.push_back(std::move(found));
            else
                require_same(first[j], found);
        }
    }
    return passthrough;
}

} // namespace distinfer::io
