#pragma once

#include <cstdint>
#include <string>

namespace distinfer
{

/// Rows begin .. end-1 of the dataset.
struct RowRange
{
    std::uint64_t begin = 0;
    std::uint64_t end = 0;

    constexpr std::uint64_t size() const noexcept { return end - begin; }
    constexpr bool empty() const noexcept { return begin == end; }
    constexpr bool operator==(RowRange const&) const = default;
};

/// "rows 128 to 191", both ends included, as messages name them.
inline std::string to_string(RowRange rows)
{
    if (rows.empty()) return "no rows";
    if (rows.size() == 1) return "row " + std::to_string(rows.begin);
    return "rows " + std::to_string(rows.begin) + " to " + std::to_string(rows.end - 1);
}

} // namespace distinfer
