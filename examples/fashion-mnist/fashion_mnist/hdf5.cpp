#include "fashion_mnist/hdf5.hpp"

#include "distinfer/core/error.hpp"
#include "distinfer/core/narrow.hpp"

#include <hdf5.h>

#include <algorithm>
#include <type_traits>
#include <utility>

namespace fashion_mnist
{

namespace
{

static_assert(std::is_same_v<hid_t, std::int64_t>);

constexpr unsigned gzip_level = 4;

template <class T>
hid_t native_type();
template <>
hid_t native_type<std::uint8_t>()
{
    return H5T_NATIVE_UINT8;
}
template <>
hid_t native_type<float>()
{
    return H5T_NATIVE_FLOAT;
}

/// HDF5 prints its stack of errors by itself; the messages here are enough.
void be_quiet()
{
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

hid_t open_file(std::string const& path)
{
    be_quiet();
    return H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
}

hid_t create_file(std::string const& path)
{
    be_quiet();
    return H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
}

std::vector<std::uint64_t> shape_of(hid_t dataset)
{
    Hdf5Handle const space{H5Dget_space(dataset), H5Sclose};
    auto const rank = H5Sget_simple_extent_ndims(space.get());
    std::vector<hsize_t> extents(static_cast<std::size_t>(std::max(rank, 0)));
    H5Sget_simple_extent_dims(space.get(), extents.data(), nullptr);
    return {extents.begin(), extents.end()};
}

/// A dataset in gzip'ed chunks of whole rows.
void set_layout(hid_t properties, std::vector<hsize_t> chunk, std::uint64_t chunk_rows)
{
    chunk[0] = std::clamp<hsize_t>(chunk_rows, 1, std::max<hsize_t>(chunk[0], 1));
    H5Pset_chunk(properties, static_cast<int>(chunk.size()), chunk.data());
    H5Pset_deflate(properties, gzip_level);
    H5Pset_obj_track_times(properties, false); // the same data make the same file
}

} // namespace

bool Hdf5Handle::close() noexcept
{
    auto const id = std::exchange(id_, -1);
    return id < 0 || closer_(id) >= 0;
}

Hdf5Reader::Hdf5Reader(std::string const& path) : path_(path), file_(open_file(path), H5Fclose)
{
    if (file_.get() < 0) throw distinfer::InputError("cannot open " + path, "no such file, or not an HDF5 file");
}

template <class T>
Array<T> Hdf5Reader::read(std::string const& dataset) const
{
    Hdf5Handle const handle{H5Dopen2(file_.get(), dataset.c_str(), H5P_DEFAULT), H5Dclose};
    if (handle.get() < 0) throw distinfer::InputError(path_ + " has no dataset " + dataset);
    Hdf5Handle const type{H5Dget_type(handle.get()), H5Tclose};
    if (H5Tequal(type.get(), native_type<T>()) <= 0) {
        throw distinfer::InputError(path_ + ":" + dataset + " holds another type than " +
                                    (std::is_same_v<T, float> ? "float32" : "uint8"));
    }
    Array<T> array{shape_of(handle.get()), {}};
    array.values.resize(element_count(array.shape));
    if (H5Dread(handle.get(), native_type<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, array.values.data()) < 0) {
        throw distinfer::InputError("cannot read " + path_ + ":" + dataset, "the file may be damaged");
    }
    return array;
}

template Array<std::uint8_t> Hdf5Reader::read(std::string const&) const;
template Array<float> Hdf5Reader::read(std::string const&) const;

Hdf5Writer::Hdf5Writer(std::string const& path) : path_(path), file_(create_file(path), H5Fclose)
{
    if (file_.get() < 0) throw distinfer::OutputError("cannot create " + path, {}, "check its folder and the disk");
}

void Hdf5Writer::write(std::string const& dataset, Array<std::uint8_t> const& array, std::uint64_t chunk_rows)
{
    std::vector<hsize_t> const extents(array.shape.begin(), array.shape.end());
    Hdf5Handle const space{H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr), H5Sclose};
    Hdf5Handle const properties{H5Pcreate(H5P_DATASET_CREATE), H5Pclose};
    set_layout(properties.get(), extents, chunk_rows);
    auto const type = native_type<std::uint8_t>();
    Hdf5Handle created{
        H5Dcreate2(file_.get(), dataset.c_str(), type, space.get(), H5P_DEFAULT, properties.get(), H5P_DEFAULT),
        H5Dclose};
    auto const status = H5Dwrite(created.get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, array.values.data());
    if (status < 0 || !created.close()) throw distinfer::OutputError("cannot write " + path_ + ":" + dataset);
}

void Hdf5Writer::close()
{
    if (!file_.close()) throw distinfer::OutputError("cannot finish " + path_, {}, "is the disk full?");
}

} // namespace fashion_mnist
