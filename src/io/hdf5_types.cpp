#include "hdf5_types.hpp"

#include "distinfer/core/check.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace distinfer::io
{

namespace
{

/// Where the bits of a floating-point number lie, from the lowest up, and what its exponent is biased by.
struct FloatFormat
{
    std::size_t bytes;
    std::size_t sign, exponent, exponent_bits, mantissa, mantissa_bits;
    std::size_t bias;

    bool operator==(FloatFormat const&) const = default;
};

constexpr std::array<std::pair<FloatFormat, DType>, 4> float_formats{{
    {{2, 15, 10, 5, 0, 10, 15}, DType::float16},
    {{2, 15, 7, 8, 0, 7, 127}, DType::bfloat16},
    {{4, 31, 23, 8, 0, 23, 127}, DType::float32},
    {{8, 63, 52, 11, 0, 52, 1023}, DType::float64},
}};

struct IntegerFormat
{
    std::size_t bytes;
    bool is_signed;

    bool operator==(IntegerFormat const&) const = default;
};

constexpr std::array<std::pair<IntegerFormat, DType>, 8> integer_formats{{
    {{1, false}, DType::uint8},
    {{2, false}, DType::uint16},
    {{4, false}, DType::uint32},
    {{8, false}, DType::uint64},
    {{1, true}, DType::int8},
    {{2, true}, DType::int16},
    {{4, true}, DType::int32},
    {{8, true}, DType::int64},
}};

template <class Formats, class Format>
std::optional<DType> find(Formats const& formats, Format const& wanted)
{
    auto const found = std::find_if(formats.begin(), formats.end(), [&](auto const& e) { return e.first == wanted; });
    if (found == formats.end()) return std::nullopt;
    return found->second;
}

bool is_little_or_big_endian(hid_t type)
{
    auto const order = H5Tget_order(type);
    return order == H5T_ORDER_LE || order == H5T_ORDER_BE;
}

FloatFormat float_format(hid_t type)
{
    FloatFormat f{};
    f.bytes = H5Tget_size(type);
    f.bias = H5Tget_ebias(type);
    H5Tget_fields(type, &f.sign, &f.exponent, &f.exponent_bits, &f.mantissa, &f.mantissa_bits);
    return f;
}

std::optional<DType> float_dtype(hid_t type)
{
    auto const format = float_format(type);
    bool const is_packed = H5Tget_offset(type) == 0 && H5Tget_precision(type) == 8 * format.bytes;
    if (!is_packed || H5Tget_norm(type) != H5T_NORM_IMPLIED || !is_little_or_big_endian(type)) return std::nullopt;
    return find(float_formats, format);
}

std::optional<DType> integer_dtype(hid_t type)
{
    if (!is_little_or_big_endian(type)) return std::nullopt;
    return find(integer_formats, IntegerFormat{H5Tget_size(type), H5Tget_sign(type) == H5T_SGN_2});
}

bool has_member(hid_t type, char const* name, int wanted)
{
    std::array<char, 16> bytes{};
    int value = -1;
    Hid const native{H5Tcopy(H5T_NATIVE_INT)};
    Hid const base{H5Tget_super(type)};
    return H5Tenum_valueof(type, name, bytes.data()) >= 0 &&
           H5Tconvert(base.get(), native.get(), 1, bytes.data(), nullptr, H5P_DEFAULT) >= 0 &&
           (std::memcpy(&value, bytes.data(), sizeof value), value == wanted);
}

std::optional<DType> enumeration_dtype(hid_t type)
{
    if (H5Tget_size(type) == 1 && H5Tget_nmembers(type) == 2 && has_member(type, "FALSE", 0) &&
        has_member(type, "TRUE", 1)) {
        return DType::boolean;
    }
    Hid const base{H5Tget_super(type)};
    return integer_dtype(base.get());
}

Hid half_type(DType dtype)
{
    auto const found = std::find_if(float_formats.begin(), float_formats.end(),
                                    [&](auto const& entry) { return entry.second == dtype; });
    auto const& format = found->first;
    auto type = own<InternalError>(H5Tcopy(H5T_NATIVE_FLOAT), "cannot make an HDF5 type");
    succeeded<InternalError>(H5Tset_fields(type.get(), format.sign, format.exponent, format.exponent_bits,
                                           format.mantissa, format.mantissa_bits),
                             "cannot make an HDF5 type");
    succeeded<InternalError>(H5Tset_size(type.get(), format.bytes), "cannot make an HDF5 type");
    succeeded<InternalError>(H5Tset_ebias(type.get(), format.bias), "cannot make an HDF5 type");
    return type;
}

Hid boolean_type()
{
    auto type = own<InternalError>(H5Tenum_create(H5T_NATIVE_INT8), "cannot make an HDF5 type");
    signed char const no = 0;
    signed char const yes = 1;
    succeeded<InternalError>(H5Tenum_insert(type.get(), "FALSE", &no), "cannot make an HDF5 type");
    succeeded<InternalError>(H5Tenum_insert(type.get(), "TRUE", &yes), "cannot make an HDF5 type");
    return type;
}

hid_t predefined_type(DType dtype)
{
    switch (dtype) {
    case DType::uint8:
        return H5T_NATIVE_UINT8;
    case DType::uint16:
        return H5T_NATIVE_UINT16;
    case DType::uint32:
        return H5T_NATIVE_UINT32;
    case DType::uint64:
        return H5T_NATIVE_UINT64;
    case DType::int8:
        return H5T_NATIVE_INT8;
    case DType::int16:
        return H5T_NATIVE_INT16;
    case DType::int32:
        return H5T_NATIVE_INT32;
    case DType::int64:
        return H5T_NATIVE_INT64;
    case DType::float32:
        return H5T_NATIVE_FLOAT;
    default:
        return H5T_NATIVE_DOUBLE;
    }
}

std::string bits(hid_t type)
{
    return std::to_string(8 * H5Tget_size(type)) + "-bit ";
}

std::string describe_float(hid_t type)
{
    auto const format = float_format(type);
    if (format.bytes > 8) return "long double (" + bits(type) + "floating-point numbers)";
    return bits(type) + "floating-point numbers of " + std::to_string(format.exponent_bits) + " exponent and " +
           std::to_string(format.mantissa_bits) + " mantissa bits";
}

std::string describe_compound(hid_t type)
{
    std::string members;
    for (int i = 0; i < H5Tget_nmembers(type); ++i) {
        auto* const name = H5Tget_member_name(type, static_cast<unsigned>(i));
        members.append(members.empty() ? "" : ", ").append(name != nullptr ? name : "?");
        H5free_memory(name);
    }
    if (members == "r, i") return "complex numbers (a compound of r, i)";
    return "a compound of " + members;
}

} // namespace

std::optional<DType> dtype_of(hid_t type)
{
    switch (H5Tget_class(type)) {
    case H5T_INTEGER:
        return integer_dtype(type);
    case H5T_FLOAT:
        return float_dtype(type);
    case H5T_ENUM:
        return enumeration_dtype(type);
    default:
        return std::nullopt;
    }
}

Hid native_type(DType dtype)
{
    if (dtype == DType::boolean) return boolean_type();
    if (dtype == DType::float16 || dtype == DType::bfloat16) return half_type(dtype);
    return own<InternalError>(H5Tcopy(predefined_type(dtype)), "cannot make an HDF5 type");
}

std::string describe_type(hid_t type)
{
    switch (H5Tget_class(type)) {
    case H5T_INTEGER:
        return bits(type) + "integers";
    case H5T_FLOAT:
        return describe_float(type);
    case H5T_STRING:
        return H5Tis_variable_str(type) > 0 ? "variable-length strings" : "fixed-length strings";
    case H5T_COMPOUND:
        return describe_compound(type);
    case H5T_REFERENCE:
        return "references";
    case H5T_VLEN:
        return "variable-length sequences";
    case H5T_BITFIELD:
        return bits(type) + "bitfields, as PyTables stores bool";
    case H5T_TIME:
        return "HDF5 times";
    case H5T_OPAQUE:
        return "opaque bytes";
    case H5T_ARRAY:
        return "arrays inside elements";
    case H5T_ENUM:
        return "an enumeration of " + bits(type) + "integers";
    default:
        return "a type unknown to this program";
    }
}

} // namespace distinfer::io
