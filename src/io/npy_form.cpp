#include "npy_form.hpp"

#include "distinfer/core/error.hpp"
#include "distinfer/io/dataset_info.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

namespace distinfer::io
{

namespace
{

struct Name
{
    std::string_view name; ///< NumPy's, behind the byte order
    DType dtype;
};

constexpr std::array names{
    Name{"b1", DType::boolean}, Name{"u1", DType::uint8},   Name{"u2", DType::uint16},  Name{"u4", DType::uint32},
    Name{"u8", DType::uint64},  Name{"i1", DType::int8},    Name{"i2", DType::int16},   Name{"i4", DType::int32},
    Name{"i8", DType::int64},   Name{"f2", DType::float16}, Name{"f4", DType::float32}, Name{"f8", DType::float64},
};

/// The type, where it is one of ours and its byte order, '<', '>', '=' or '|', stands in front.
std::optional<DType> dtype_of(std::string_view descr)
{
    if (descr.empty() || std::string_view{"<>=|"}.find(descr.front()) == std::string_view::npos) return std::nullopt;
    auto const found = std::ranges::find(names, descr.substr(1), &Name::name);
    if (found == names.end()) return std::nullopt;
    return found->dtype;
}

std::string_view describe_kind(std::string_view descr)
{
    switch (descr.size() > 1 ? descr[1] : ' ') {
    case 'O':
        return "Python objects";
    case 'S':
    case 'a':
    case 'U':
        return "text";
    case 'M':
    case 'm':
        return "dates or times";
    case 'c':
        return "complex numbers";
    case 'V':
        return "raw bytes, as NumPy saves bfloat16";
    default:
        return "numbers of a type that is not known";
    }
}

std::string describe_type(std::string_view descr)
{
    std::string what{describe_kind(descr)};
    if (descr.size() > 1) what.append(" ('").append(descr).append("')");
    return what;
}

bool is_swapped(char order)
{
    constexpr bool is_little = std::endian::native == std::endian::little;
    return order == (is_little ? '>' : '<');
}

} // namespace

StoredForm npy_form(NpyHeader const& header, std::string const& where)
{
    auto const dtype = dtype_of(header.descr);
    if (!dtype) refuse_type(where, describe_type(header.descr));
    if (header.fortran_order)
        throw InputError("cannot use " + where, "it is stored column by column: its fortran_order is True",
                         "save it row by row: numpy.save('new.npy', numpy.ascontiguousarray(numpy.load('old.npy')))");
    auto info = make_dataset_info(*dtype, header.shape, where);
    return {.spec = std::move(info.spec),
            .rows = info.rows,
            .swapped = is_swapped(header.descr.front()) && element_bytes(*dtype) > 1};
}

} // namespace distinfer::io
