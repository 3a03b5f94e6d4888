#include "output_layout.hpp"

#include "dataset_name.hpp"
#include "distinfer/core/narrow.hpp"
#include "hdf5_output.hpp"
#include "hdf5_types.hpp"

#include <algorithm>

namespace distinfer::io
{

namespace
{

void check_conflicts(std::string const& path, std::vector<PlacedDataset> const& datasets)
{
    auto const problem = "cannot create " + path;
    for (auto i = datasets.begin(); i != datasets.end(); ++i) {
        for (auto j = datasets.begin(); j != datasets.end(); ++j) {
            auto const& [a, b] = std::tie(i->dataset.name, j->dataset.name);
            if (i < j && a == b) throw OutputError(problem, "two outputs are named " + a, "rename one");
            if (!b.starts_with(a + "/")) continue;
            throw OutputError(problem, a + " would be a dataset and the group of " + b, "rename one of the outputs");
        }
    }
}

std::uint64_t checked_row_bytes(std::string const& path, OutputDataset const& dataset)
{
    try {
        return row_bytes(dataset.spec);
    } catch (InputError const& error) {
        throw OutputError("cannot create " + dataset.name + " in " + path, error.what());
    }
}

Hid dataset_properties()
{
    auto creation = own<OutputError>(H5Pcreate(H5P_DATASET_CREATE), "cannot set up HDF5");
    succeeded<OutputError>(H5Pset_layout(creation.get(), H5D_CONTIGUOUS), "cannot set up HDF5");
    succeeded<OutputError>(H5Pset_alloc_time(creation.get(), H5D_ALLOC_TIME_EARLY), "cannot set up HDF5");
    succeeded<OutputError>(H5Pset_fill_time(creation.get(), H5D_FILL_TIME_NEVER), "cannot set up HDF5");
    return creation;
}

Hid dataspace(std::uint64_t rows, TensorSpec const& spec, std::string const& problem)
{
    std::vector<hsize_t> extents{rows};
    for (auto const extent : spec.row_shape) extents.push_back(static_cast<hsize_t>(extent));
    return own<OutputError>(H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr), problem);
}

void create_dataset(hid_t file, std::string const& path, std::uint64_t rows, PlacedDataset& placed)
{
    auto const& [name, spec] = placed.dataset;
    auto const problem = "cannot create " + name + " in " + path;
    auto const type = native_type(spec.dtype);
    auto const space = dataspace(rows, spec, problem);
    auto const links = output_links();
    auto const creation = dataset_properties();
    auto dataset = own<OutputError>(
        H5Dcreate2(file, name.c_str(), type.get(), space.get(), links.get(), creation.get(), H5P_DEFAULT), problem);
    auto const offset = H5Dget_offset(dataset.get());
    bool const holds_bytes = rows > 0 && placed.row_bytes > 0;
    if (holds_bytes && offset == HADDR_UNDEF) throw OutputError(problem, "HDF5 gave it no place in the file");
    placed.offset = holds_bytes ? offset : 0;
    succeeded<OutputError>(H5Dclose(dataset.release()), problem);
}

Hid open_group(hid_t file, std::string const& problem)
{
    if (H5Lexists(file, own_group, H5P_DEFAULT) > 0) {
        return own<OutputError>(H5Gopen2(file, own_group, H5P_DEFAULT), problem);
    }
    return own<OutputError>(H5Gcreate2(file, own_group, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), problem);
}

void write_attribute(hid_t group, std::string const& name, std::string const& text, std::string const& problem)
{
    auto const type = text_type();
    auto const space = own<OutputError>(H5Screate(H5S_SCALAR), problem);
    auto attribute =
        own<OutputError>(H5Acreate2(group, name.c_str(), type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT), problem);
    auto const* const characters = text.c_str();
    succeeded<OutputError>(H5Awrite(attribute.get(), type.get(), &characters), problem);
    succeeded<OutputError>(H5Aclose(attribute.release()), problem);
}

} // namespace

std::vector<PlacedDataset> check_datasets(std::string const& path, std::vector<OutputDataset> datasets)
{
    std::vector<PlacedDataset> checked;
    for (auto& dataset : datasets) {
        auto const problem = "cannot create " + path;
        auto name = absolute_name(dataset.name);
        if (!name) {
            throw OutputError(problem, "'" + std::string{dataset.name.c_str()} + "' cannot name a dataset",
                              "name it like /logits");
        }
        dataset.name = std::move(*name);
        if (dataset.name == own_group)
            throw OutputError(problem, dataset.name + " is dist-infer's own group", "rename it");
        for (std::string const own : {bad_rows_dataset, bad_row_reasons_dataset})
            if (exclude_each_other(dataset.name, own))
                throw OutputError(problem, own + " is dist-infer's own list", "rename " + dataset.name);
        auto const bytes = checked_row_bytes(path, dataset);
        checked.push_back({std::move(dataset), bytes, 0});
    }
    check_conflicts(path, checked);
    return checked;
}

std::uint64_t total_bytes(std::string const& path, std::uint64_t rows, std::vector<PlacedDataset> const& datasets)
{
    constexpr std::uint64_t limit = std::uint64_t{1} << 62;
    std::uint64_t total = 0;
    for (auto const& placed : datasets) {
        auto const bytes = checked_product(rows, placed.row_bytes);
        if (!bytes || *bytes > limit - total) {
            throw OutputError("cannot create " + path, to_string(placed.dataset.spec, rows) + " does not fit a file");
        }
        total += *bytes;
    }
    return total;
}

void lay_out(std::string const& path, std::uint64_t rows, std::vector<PlacedDataset>& datasets)
{
    QuietErrors const quiet;
    auto file = open_to_write(path, "cannot create " + path);
    for (auto& placed : datasets) create_dataset(file.get(), path, rows, placed);
    // Made now, so that later attributes change nothing of the root group.
    open_group(file.get(), "cannot create " + path).reset();
    succeeded<OutputError>(H5Fclose(file.release()), "cannot create " + path);
}

void add_attributes(std::string const& path, std::map<std::string, std::string> const& attributes)
{
    QuietErrors const quiet;
    auto const problem = "cannot add attributes to " + path;
    auto file = open_to_write(path, problem);
    auto group = open_group(file.get(), problem);
    for (auto const& [name, text] : attributes) write_attribute(group.get(), name, text, problem);
    succeeded<OutputError>(H5Gclose(group.release()), problem);
    succeeded<OutputError>(H5Fclose(file.release()), problem);
}

} // namespace distinfer::io
