#include "support/hdf5_values.hpp"

#include "support/hdf5_id.hpp"

#include <cstddef>
#include <cstring>

namespace distinfer::test
{

namespace
{

std::string words_of(hid_t type, std::byte const* element);

std::string list(hid_t type, std::byte const* elements, std::size_t count)
{
    std::string words;
    for (std::size_t i = 0; i < count; ++i)
        words += (i > 0 ? " " : "") + words_of(type, elements + i * H5Tget_size(type));
    return "[" + words + "]";
}

std::string members_of(hid_t type, std::byte const* element)
{
    std::string words;
    for (int i = 0; i < H5Tget_nmembers(type); ++i) {
        auto const member = static_cast<unsigned>(i);
        Id const part{H5Tget_member_type(type, member)};
        words += words_of(part, element + H5Tget_member_offset(type, member)) + ";";
    }
    return "{" + words + "}";
}

std::string array_of(hid_t type, std::byte const* element)
{
    Id const part{H5Tget_super(type)};
    return list(part, element, H5Tget_size(type) / H5Tget_size(part));
}

std::string sequence_of(hid_t type, std::byte const* element)
{
    Id const part{H5Tget_super(type)};
    hvl_t sequence{};
    std::memcpy(&sequence, element, sizeof sequence);
    return list(part, static_cast<std::byte const*>(sequence.p), sequence.len);
}

std::string text_at(std::byte const* element)
{
    char const* text = nullptr;
    std::memcpy(&text, element, sizeof text);
    return text == nullptr ? "null" : text;
}

std::string digits_of(std::byte const* bytes, std::size_t count)
{
    constexpr auto digits = "0123456789abcdef";
    std::string words;
    for (std::size_t i = 0; i < count; ++i) {
        words.push_back(digits[std::to_integer<unsigned>(bytes[i]) / 16]);
        words.push_back(digits[std::to_integer<unsigned>(bytes[i]) % 16]);
    }
    return words;
}

std::string words_of(hid_t type, std::byte const* element)
{
    if (H5Tis_variable_str(type) > 0) return text_at(element);
    switch (H5Tget_class(type)) {
    case H5T_COMPOUND:
        return members_of(type, element);
    case H5T_ARRAY:
        return array_of(type, element);
    case H5T_VLEN:
        return sequence_of(type, element);
    default:
        return digits_of(element, H5Tget_size(type));
    }
}

} // namespace

void write_strings(std::string const& file, std::string const& name, std::vector<std::string> const& strings)
{
    Id const opened{H5Fopen(file.c_str(), H5F_ACC_RDWR, H5P_DEFAULT)};
    Id const type{H5Tcopy(H5T_C_S1)};
    check(H5Tset_size(type, H5T_VARIABLE));
    hsize_t const rows = strings.size();
    Id const space{H5Screate_simple(1, &rows, nullptr)};
    Id const dataset{H5Dcreate2(opened, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT)};
    std::vector<char const*> pointers;
    for (auto const& text : strings) pointers.push_back(text.c_str());
    check(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()));
}

std::vector<std::string> values_of(std::string const& file, std::string const& name)
{
    Id const opened{H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT)};
    Id const dataset{H5Dopen2(opened, name.c_str(), H5P_DEFAULT)};
    Id const type{H5Dget_type(dataset)};
    Id const space{H5Dget_space(dataset)};
    auto const count = static_cast<std::size_t>(H5Sget_simple_extent_npoints(space));
    std::vector<std::string> values;
    if (count == 0) return values;
    std::vector<std::byte> bytes(count * H5Tget_size(type));
    check(H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()));
    for (std::size_t i = 0; i < count; ++i) values.push_back(words_of(type, bytes.data() + i * H5Tget_size(type)));
    check(H5Dvlen_reclaim(type, space, H5P_DEFAULT, bytes.data()));
    return values;
}

} // namespace distinfer::test
