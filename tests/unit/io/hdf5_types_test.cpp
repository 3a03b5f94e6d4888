#include "hdf5_types.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace distinfer::io
{

namespace
{

Hid copy(hid_t type)
{
    return Hid{H5Tcopy(type)};
}

Hid enumeration(hid_t base, std::vector<std::pair<char const*, int>> const& members)
{
    Hid type{H5Tenum_create(base)};
    for (auto const& [name, wanted] : members) {
        int value = wanted;
        H5Tconvert(H5T_NATIVE_INT, base, 1, &value, nullptr, H5P_DEFAULT);
        H5Tenum_insert(type.get(), name, &value);
    }
    return type;
}

Hid compound(std::vector<char const*> const& names)
{
    Hid type{H5Tcreate(H5T_COMPOUND, 8 * names.size())};
    for (std::size_t i = 0; i < names.size(); ++i) H5Tinsert(type.get(), names[i], 8 * i, H5T_NATIVE_DOUBLE);
    return type;
}

} // namespace

TEST(Hdf5TypesTest, EveryDTypeRoundTrips)
{
    for (auto const name : dtype_names()) {
        auto const dtype = parse_dtype(name).value();
        auto const type = native_type(dtype);
        EXPECT_EQ(dtype_of(type.get()), dtype) << name;
        EXPECT_EQ(H5Tget_size(type.get()), element_bytes(dtype)) << name;
    }
}

TEST(Hdf5TypesTest, ByteOrderDoesNotMatter)
{
    EXPECT_EQ(dtype_of(H5T_STD_I16BE), DType::int16);
    EXPECT_EQ(dtype_of(H5T_STD_U64BE), DType::uint64);
    EXPECT_EQ(dtype_of(H5T_IEEE_F32BE), DType::float32);
    EXPECT_EQ(dtype_of(H5T_IEEE_F64BE), DType::float64);
    for (auto const dtype : {DType::float16, DType::bfloat16}) {
        auto const type = native_type(dtype);
        H5Tset_order(type.get(), H5T_ORDER_BE);
        EXPECT_EQ(dtype_of(type.get()), dtype);
    }
}

TEST(Hdf5TypesTest, BoolIsWhatH5pyWrites)
{
    EXPECT_EQ(dtype_of(enumeration(H5T_STD_I8LE, {{"FALSE", 0}, {"TRUE", 1}}).get()), DType::boolean);
    EXPECT_EQ(dtype_of(enumeration(H5T_STD_I8LE, {{"TRUE", 1}, {"FALSE", 0}}).get()), DType::boolean);
    EXPECT_EQ(dtype_of(enumeration(H5T_STD_I8LE, {{"FALSE", 1}, {"TRUE", 0}}).get()), DType::int8);
    EXPECT_EQ(dtype_of(enumeration(H5T_STD_I8LE, {{"FALSE", 0}, {"TRUE", 1}, {"NULL", 2}}).get()), DType::int8);
    EXPECT_EQ(dtype_of(enumeration(H5T_STD_I32LE, {{"FALSE", 0}, {"TRUE", 1}}).get()), DType::int32);
}

TEST(Hdf5TypesTest, OtherEnumerationsAreTheirIntegers)
{
    EXPECT_EQ(dtype_of(enumeration(H5T_STD_U16BE, {{"CAT", 3}, {"DOG", 5}}).get()), DType::uint16);
}

TEST(Hdf5TypesTest, IntegersOfFewerBitsAreReadAsTheirContainer)
{
    auto const type = copy(H5T_STD_I16LE);
    H5Tset_precision(type.get(), 12);
    EXPECT_EQ(dtype_of(type.get()), DType::int16);
}

TEST(Hdf5TypesTest, OtherNumbersAreRefusedByName)
{
    EXPECT_EQ(dtype_of(H5T_NATIVE_LDOUBLE), std::nullopt);
    EXPECT_NE(describe_type(H5T_NATIVE_LDOUBLE).find("long double"), std::string::npos);
    auto const wide = copy(H5T_STD_I64LE);
    H5Tset_size(wide.get(), 16);
    EXPECT_EQ(dtype_of(wide.get()), std::nullopt);
    EXPECT_EQ(describe_type(wide.get()), "128-bit integers");
    auto const odd = copy(H5T_IEEE_F32LE);
    H5Tset_ebias(odd.get(), 128);
    EXPECT_EQ(dtype_of(odd.get()), std::nullopt);
    EXPECT_EQ(describe_type(odd.get()), "32-bit floating-point numbers of 8 exponent and 23 mantissa bits");
    EXPECT_EQ(dtype_of(H5T_VAX_F32), std::nullopt);
}

TEST(Hdf5TypesTest, TypesThatAreNotNumbersAreRefusedByName)
{
    auto const text = copy(H5T_C_S1);
    EXPECT_EQ(describe_type(text.get()), "fixed-length strings");
    H5Tset_size(text.get(), H5T_VARIABLE);
    EXPECT_EQ(describe_type(text.get()), "variable-length strings");
    EXPECT_EQ(describe_type(compound({"mass", "charge"}).get()), "a compound of mass, charge");
    EXPECT_EQ(describe_type(compound({"r", "i"}).get()), "complex numbers (a compound of r, i)");
    EXPECT_EQ(describe_type(H5T_STD_REF_OBJ), "references");
    EXPECT_EQ(describe_type(Hid{H5Tvlen_create(H5T_NATIVE_INT)}.get()), "variable-length sequences");
    EXPECT_EQ(describe_type(H5T_STD_B8LE), "8-bit bitfields, as PyTables stores bool");
    EXPECT_EQ(describe_type(H5T_UNIX_D32LE), "HDF5 times");
    EXPECT_EQ(describe_type(Hid{H5Tcreate(H5T_OPAQUE, 3)}.get()), "opaque bytes");
    hsize_t const three = 3;
    EXPECT_EQ(describe_type(Hid{H5Tarray_create2(H5T_NATIVE_INT, 1, &three)}.get()), "arrays inside elements");
    for (auto const type : {H5T_C_S1, H5T_STD_REF_OBJ, H5T_STD_B8LE, H5T_UNIX_D32LE}) {
        EXPECT_EQ(dtype_of(type), std::nullopt);
    }
}

} // namespace distinfer::io
