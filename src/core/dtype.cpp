#include "distinfer/core/dtype.hpp"

#include "distinfer/core/check.hpp"

#include <algorithm>
#include <array>

namespace distinfer
{

namespace
{

struct Entry
{
    DType dtype;
    std::string_view name;
    std::size_t bytes;
};

constexpr std::array<Entry, 13> entries{{
    {DType::boolean, "bool", 1},
    {DType::uint8, "uint8", 1},
    {DType::uint16, "uint16", 2},
    {DType::uint32, "uint32", 4},
    {DType::uint64, "uint64", 8},
    {DType::int8, "int8", 1},
    {DType::int16, "int16", 2},
    {DType::int32, "int32", 4},
    {DType::int64, "int64", 8},
    {DType::float16, "float16", 2},
    {DType::bfloat16, "bfloat16", 2},
    {DType::float32, "float32", 4},
    {DType::float64, "float64", 8},
}};

Entry const& entry_of(DType dtype)
{
    auto const found = std::find_if(entries.begin(), entries.end(), [&](Entry const& e) { return e.dtype == dtype; });
    expects(found != entries.end(), "a known dtype");
    return *found;
}

} // namespace

std::size_t element_bytes(DType dtype)
{
    return entry_of(dtype).bytes;
}

std::string_view name_of(DType dtype)
{
    return entry_of(dtype).name;
}

std::optional<DType> parse_dtype(std::string_view name)
{
    auto const found = std::find_if(entries.begin(), entries.end(), [&](Entry const& e) { return e.name == name; });
    if (found == entries.end()) return std::nullopt;
    return found->dtype;
}

std::vector<std::string_view> dtype_names()
{
    std::vector<std::string_view> names;
    for (auto const& entry : entries) names.push_back(entry.name);
    return names;
}

} // namespace distinfer
