#include "support/hdf5_file.hpp"

#include "support/hdf5_id.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace distinfer::test
{

namespace
{

hid_t half(std::size_t exponent_bits, std::size_t bias)
{
    auto const type = H5Tcopy(H5T_IEEE_F32LE);
    auto const mantissa_bits = 15 - exponent_bits;
    check(H5Tset_fields(type, 15, mantissa_bits, exponent_bits, 0, mantissa_bits));
    check(H5Tset_size(type, 2));
    check(H5Tset_ebias(type, bias));
    return type;
}

hid_t boolean()
{
    auto const type = H5Tenum_create(H5T_STD_I8LE);
    signed char value = 0;
    check(H5Tenum_insert(type, "FALSE", &value));
    value = 1;
    check(H5Tenum_insert(type, "TRUE", &value));
    return type;
}

hid_t little_endian(DType dtype)
{
    switch (dtype) {
    case DType::boolean:
        return boolean();
    case DType::uint8:
        return H5Tcopy(H5T_STD_U8LE);
    case DType::uint16:
        return H5Tcopy(H5T_STD_U16LE);
    case DType::uint32:
        return H5Tcopy(H5T_STD_U32LE);
    case DType::uint64:
        return H5Tcopy(H5T_STD_U64LE);
    case DType::int8:
        return H5Tcopy(H5T_STD_I8LE);
    case DType::int16:
        return H5Tcopy(H5T_STD_I16LE);
    case DType::int32:
        return H5Tcopy(H5T_STD_I32LE);
    case DType::int64:
        return H5Tcopy(H5T_STD_I64LE);
    case DType::float16:
        return half(5, 15);
    case DType::bfloat16:
        return half(8, 127);
    case DType::float32:
        return H5Tcopy(H5T_IEEE_F32LE);
    case DType::float64:
        return H5Tcopy(H5T_IEEE_F64LE);
    }
    return -1;
}

/// The type in another byte order; enumerations of one byte have none.
hid_t ordered(hid_t type, H5T_order_t order)
{
    auto const copy = H5Tcopy(type);
    if (H5Tget_class(copy) != H5T_ENUM) check(H5Tset_order(copy, order));
    return copy;
}

H5T_order_t machine_order()
{
    return H5Tget_order(H5T_NATIVE_INT);
}

hid_t open_or_create(std::string const& file)
{
    if (std::filesystem::exists(file)) return H5Fopen(file.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    return H5Fcreate(file.c_str(), H5F_ACC_EXCL, H5P_DEFAULT, H5P_DEFAULT);
}

hid_t creation_properties(StoredAs const& stored)
{
    auto const creation = H5Pcreate(H5P_DATASET_CREATE);
    if (stored.chunk.empty()) return creation;
    std::vector<hsize_t> const chunk(stored.chunk.begin(), stored.chunk.end());
    check(H5Pset_chunk(creation, static_cast<int>(chunk.size()), chunk.data()));
    if (stored.shuffle) check(H5Pset_shuffle(creation));
    if (stored.deflate > 0) check(H5Pset_deflate(creation, stored.deflate));
    if (stored.fletcher32) check(H5Pset_fletcher32(creation));
    return creation;
}

hid_t link_properties()
{
    auto const links = H5Pcreate(H5P_LINK_CREATE);
    check(H5Pset_create_intermediate_group(links, 1));
    return links;
}

} // namespace

void write_dataset(std::string const& file, std::string const& name, TensorSpec const& spec, std::uint64_t rows,
                   std::span<std::byte const> bytes, StoredAs const& stored)
{
    std::vector<hsize_t> extents{rows};
    for (auto const extent : spec.row_shape) extents.push_back(static_cast<hsize_t>(extent));
    Id const opened{open_or_create(file)};
    Id const little{little_endian(spec.dtype)};
    Id const type{ordered(little, stored.big_endian ? H5T_ORDER_BE : H5T_ORDER_LE)};
    Id const memory{ordered(little, machine_order())};
    Id const space{H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr)};
    Id const links{link_properties()};
    Id const creation{creation_properties(stored)};
    Id const dataset{H5Dcreate2(opened, name.c_str(), type, space, links, creation, H5P_DEFAULT)};
    if (!bytes.empty()) {
        if (bytes.size() != rows * row_bytes(spec)) throw std::runtime_error("test file: wrong number of bytes");
        check(H5Dwrite(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()));
    }
}

void write_virtual(std::string const& file, std::string const& name, TensorSpec const& spec, std::uint64_t rows,
                   std::string const& source, std::string const& source_name)
{
    std::vector<hsize_t> extents{rows};
    for (auto const extent : spec.row_shape) extents.push_back(static_cast<hsize_t>(extent));
    Id const opened{open_or_create(file)};
    Id const type{little_endian(spec.dtype)};
    Id const space{H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr)};
    Id const creation{H5Pcreate(H5P_DATASET_CREATE)};
    check(H5Pset_virtual(creation, space, source.c_str(), source_name.c_str(), space));
    Id const made{H5Dcreate2(opened, name.c_str(), type, space, H5P_DEFAULT, creation, H5P_DEFAULT)};
}

void write_rows(std::string const& file, std::string const& name, std::uint64_t first, std::span<std::byte const> bytes)
{
    Id const opened{H5Fopen(file.c_str(), H5F_ACC_RDWR, H5P_DEFAULT)};
    Id const dataset{H5Dopen2(opened, name.c_str(), H5P_DEFAULT)};
    Id const type{H5Dget_type(dataset)};
    Id const space{H5Dget_space(dataset)};
    std::vector<hsize_t> counts(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space)));
    std::vector<hsize_t> start(counts.size(), 0);
    check(H5Sget_simple_extent_dims(space, counts.data(), nullptr));
    start.front() = first;
    counts.front() = bytes.size() / H5Tget_size(type);
    for (std::size_t axis = 1; axis < counts.size(); ++axis) counts.front() /= counts[axis];
    check(H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, counts.data(), nullptr));
    Id const memory{H5Screate_simple(static_cast<int>(counts.size()), counts.data(), nullptr)};
    check(H5Dwrite(dataset, type, memory, space, H5P_DEFAULT, bytes.data()));
}

void flip_bits(std::string const& file, std::uint64_t offset, std::size_t bytes)
{
    std::fstream stream{file, std::ios::binary | std::ios::in | std::ios::out};
    std::string text(bytes, '\0');
    stream.seekg(static_cast<std::streamoff>(offset)).read(text.data(), static_cast<std::streamsize>(bytes));
    for (auto& character : text) character = static_cast<char>(~character);
    stream.seekp(static_cast<std::streamoff>(offset)).write(text.data(), static_cast<std::streamsize>(bytes));
    if (!stream.flush()) throw std::runtime_error("cannot change " + file);
}

std::vector<std::byte> read_dataset(std::string const& file, std::string const& name)
{
    Id const opened{H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT)};
    Id const dataset{H5Dopen2(opened, name.c_str(), H5P_DEFAULT)};
    Id const type{H5Dget_type(dataset)};
    Id const memory{ordered(type, machine_order())};
    Id const space{H5Dget_space(dataset)};
    auto const elements = static_cast<std::size_t>(H5Sget_simple_extent_npoints(space));
    std::vector<std::byte> bytes(elements * H5Tget_size(memory));
    if (!bytes.empty()) check(H5Dread(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()));
    return bytes;
}

std::string read_attribute(std::string const& file, std::string const& object, std::string const& name)
{
    Id const opened{H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT)};
    Id const attribute{H5Aopen_by_name(opened, object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT)};
    Id const type{H5Aget_type(attribute)};
    if (H5Tis_variable_str(type) <= 0) throw std::runtime_error("test file: not a variable-length text");
    char* text = nullptr;
    check(H5Aread(attribute, type, &text));
    std::string const copy = text == nullptr ? "" : text;
    H5free_memory(text);
    return copy;
}

} // namespace distinfer::test
