#include "passthrough_copy.hpp"

#include "dataset_name.hpp"
#include "hdf5_attributes.hpp"
#include "hdf5_dataset.hpp"
#include "hdf5_elements.hpp"
#include "hdf5_file.hpp"
#include "hdf5_output.hpp"

#include <algorithm>

namespace distinfer::io
{

namespace
{

/// Copied at once.
constexpr std::uint64_t block_bytes = std::uint64_t{16} << 20;

/// Rows of a dataset, and as much room in memory.
struct Selection
{
    Hid stored;
    Hid memory;
};

Selection select(hid_t dataset, RowRange rows, std::string const& problem)
{
    auto stored = own<InputError>(H5Dget_space(dataset), problem);
    auto counts = extents_of(dataset, problem);
    std::vector<hsize_t> start(counts.size(), 0);
    start.front() = rows.begin;
    counts.front() = rows.size();
    succeeded<InputError>(
        H5Sselect_hyperslab(stored.get(), H5S_SELECT_SET, start.data(), nullptr, counts.data(), nullptr), problem);
    return {std::move(stored),
            own<InputError>(H5Screate_simple(static_cast<int>(counts.size()), counts.data(), nullptr), problem)};
}

/// What variable-length elements of a row hold is nowhere told; on average it is less than a row's share of the file.
std::uint64_t rows_of_block(hid_t dataset, hid_t type, std::uint64_t rows)
{
    Hid const space{H5Dget_space(dataset)};
    auto bytes = static_cast<std::uint64_t>(H5Sget_simple_extent_npoints(space.get())) * H5Tget_size(type);
    if (may_point_elsewhere(type)) {
        Hid const file{H5Iget_file_id(dataset)};
        hsize_t file_bytes = 0;
        H5Fget_filesize(file.get(), &file_bytes);
        bytes += file_bytes;
    }
    return std::max<std::uint64_t>(1, block_bytes / std::max<std::uint64_t>(1, bytes / rows));
}

/// A dataset of an input file, open.
struct Source
{
    std::string where;
    Hid id;
    Hid type; ///< of its elements, in memory too: nothing is converted
    std::uint64_t rows = 0;
};

Source open_source(hid_t opened, std::string const& file, std::string const& name, External external)
{
    auto dataset = open_any_dataset(opened, file, name, external);
    auto where = name + " in " + file;
    auto type = own<InputError>(H5Dget_type(dataset.get()), "cannot read the type of " + where);
    auto const rows = extents_of(dataset.get(), where).front();
    return {std::move(where), std::move(dataset), std::move(type), rows};
}

void copy_block(Source const& source, RowRange rows, hid_t target, std::uint64_t to, std::string const& problem)
{
    auto const where = "cannot read " + to_string(rows) + " of " + source.where;
    auto const from = select(source.id.get(), rows, where);
    auto const into = select(target, {to, to + rows.size()}, problem);
    if (H5Sget_select_npoints(from.memory.get()) == 0) return;
    auto const type = source.type.get();
    Elements elements{type, from.memory.get()};
    succeeded<InputError>(
        H5Dread(source.id.get(), type, from.memory.get(), from.stored.get(), H5P_DEFAULT, elements.data()), where);
    written(H5Dwrite(target, type, into.memory.get(), into.stored.get(), H5P_DEFAULT, elements.data()), problem);
}

/// @return one past the last row that is written
std::uint64_t copy_rows(Source const& source, hid_t target, std::uint64_t to, std::string const& problem)
{
    if (source.rows == 0) return to;
    auto const block = rows_of_block(source.id.get(), source.type.get(), source.rows);
    for (std::uint64_t row = 0; row < source.rows; row += block)
        copy_block(source, {row, std::min(row + block, source.rows)}, target, to + row, problem);
    return to + source.rows;
}

/// The extents with other rows, and the limits that they may grow to, where a dataset of the output can grow.
Hid joined_space(Source const& source, std::uint64_t rows, bool in_chunks, std::string const& problem)
{
    Hid const space{H5Dget_space(source.id.get())};
    auto extents = extents_of(source.id.get(), source.where);
    auto limits = extents;
    H5Sget_simple_extent_dims(space.get(), nullptr, limits.data());
    extents.front() = rows;
    limits.front() = std::max<hsize_t>(limits.front(), rows);
    return own<OutputError>(
        H5Screate_simple(static_cast<int>(extents.size()), extents.data(), in_chunks ? limits.data() : nullptr),
        problem);
}

/// Chunks and filters are kept; anything else becomes contiguous.
Hid create_joined(Source const& source, hid_t output, std::string const& name, std::uint64_t rows,
                  std::string const& problem)
{
    auto creation = own<InputError>(H5Dget_create_plist(source.id.get()), problem);
    bool const in_chunks = H5Pget_layout(creation.get()) == H5D_CHUNKED;
    if (!in_chunks) creation = own<OutputError>(H5Pcreate(H5P_DATASET_CREATE), problem);
    auto const access = own<OutputError>(H5Pcreate(H5P_DATASET_ACCESS), problem);
    // A chunk that two blocks share is then filtered once.
    H5Pset_chunk_cache(access.get(), H5D_CHUNK_CACHE_NSLOTS_DEFAULT, block_bytes, H5D_CHUNK_CACHE_W0_DEFAULT);
    auto const space = joined_space(source, rows, in_chunks, problem);
    auto const links = output_links();
    return Hid{written(
        H5Dcreate2(output, name.c_str(), source.type.get(), space.get(), links.get(), creation.get(), access.get()),
        problem)};
}

Hid copy_as_stored(Source const& source, hid_t output, std::string const& name, std::string const& problem)
{
    auto const copying = own<OutputError>(H5Pcreate(H5P_OBJECT_COPY), problem);
    succeeded<OutputError>(H5Pset_copy_object(copying.get(), H5O_COPY_WITHOUT_ATTR_FLAG), problem);
    auto const links = output_links();
    // The object is named by its id, as its name may be a link that leads to another file.
    written(H5Ocopy(source.id.get(), ".", output, name.c_str(), copying.get(), links.get()), problem);
    return own<OutputError>(H5Dopen2(output, name.c_str(), H5P_DEFAULT), problem);
}

Hid copy_values(Source const& source, hid_t output, std::string const& name, Passthrough const& passthrough,
                std::string const& problem)
{
    auto target = create_joined(source, output, name, passthrough.rows, problem);
    auto row = copy_rows(source, target.get(), 0, problem);
    for (auto file = passthrough.files.begin() + 1; file != passthrough.files.end(); ++file) {
        auto const opened = open_to_copy(*file);
        row = copy_rows(open_source(opened.get(), *file, name, passthrough.external), target.get(), row, problem);
    }
    return target;
}

void copy_dataset(hid_t output, std::string const& name, Passthrough const& passthrough, std::string const& problem)
{
    auto const& first = passthrough.files.front();
    auto const opened = open_to_copy(first);
    auto const source = open_source(opened.get(), first, name, passthrough.external);
    // A named type is an object that H5Ocopy would copy too, and HDF5 1.10 cannot read some that later releases write.
    bool const as_stored =
        passthrough.files.size() == 1 && !lies_elsewhere(source.id.get()) && H5Tcommitted(source.type.get()) <= 0;
    auto target = as_stored ? copy_as_stored(source, output, name, problem)
                            : copy_values(source, output, name, passthrough, problem);
    copy_attributes(source.id.get(), target.get(), problem);
    written(H5Dclose(target.release()), problem);
    // What HDF5 still keeps back might not fit either.
    written(H5Fflush(output, H5F_SCOPE_LOCAL), problem);
}

} // namespace

Hid open_to_copy(std::string const& file)
{
    if (H5Fis_hdf5(file.c_str()) == 0)
        throw InputError("cannot copy datasets of " + file, "it is not an HDF5 file", "leave out output.passthrough");
    return open_input_file(file);
}

bool lies_elsewhere(hid_t dataset)
{
    Hid const creation{H5Dget_create_plist(dataset)};
    return H5Pget_layout(creation.get()) == H5D_VIRTUAL || H5Pget_external_count(creation.get()) > 0;
}

void check_names(std::string const& path, Passthrough const& passthrough, std::vector<PlacedDataset> const& outputs)
{
    for (auto const& name : passthrough.datasets) {
        for (auto const& [output, bytes, offset] : outputs) {
            if (!exclude_each_other(name, output.name)) continue;
            throw OutputError("cannot create " + path,
                              output.name + " is an output of the model, and output.passthrough has " + name,
                              "name the output otherwise in model.outputs");
        }
    }
}

void copy_passthrough(std::string const& path, Passthrough const& passthrough)
{
    if (passthrough.datasets.empty()) return;
    QuietErrors const quiet;
    auto output = open_to_write(path, "cannot create " + path);
    for (auto const& name : passthrough.datasets)
        copy_dataset(output.get(), name, passthrough, "cannot copy " + name + " to " + path);
    written(H5Fclose(output.release()), "cannot create " + path);
}

} // namespace distinfer::io
