#include "dtype_map.hpp"

#include "distinfer/core/check.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace distinfer::model
{

namespace
{

constexpr std::array<std::pair<DType, c10::ScalarType>, 13> pairs{{
    {DType::boolean, c10::ScalarType::Bool},
    {DType::uint8, c10::ScalarType::Byte},
    {DType::uint16, c10::ScalarType::UInt16},
    {DType::uint32, c10::ScalarType::UInt32},
    {DType::uint64, c10::ScalarType::UInt64},
    {DType::int8, c10::ScalarType::Char},
    {DType::int16, c10::ScalarType::Short},
    {DType::int32, c10::ScalarType::Int},
    {DType::int64, c10::ScalarType::Long},
    {DType::float16, c10::ScalarType::Half},
    {DType::bfloat16, c10::ScalarType::BFloat16},
    {DType::float32, c10::ScalarType::Float},
    {DType::float64, c10::ScalarType::Double},
}};

} // namespace

c10::ScalarType to_torch(DType dtype)
{
    auto const found = std::find_if(pairs.begin(), pairs.end(), [&](auto const& p) { return p.first == dtype; });
    expects(found != pairs.end(), "a dtype that LibTorch knows");
    return found->second;
}

std::optional<DType> from_torch(c10::ScalarType type)
{
    auto const found = std::find_if(pairs.begin(), pairs.end(), [&](auto const& p) { return p.second == type; });
    if (found == pairs.end()) return std::nullopt;
    return found->first;
}

} // namespace distinfer::model
