#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace distinfer
{

/// A row that the model could not be run on, or whose result is refused. Its outputs hold the fill value.
struct BadRow
{
    std::uint64_t row = 0;
    std::string reason; ///< one line, as row_reason() makes it

    bool operator==(BadRow const&) const = default;
};

/// How many bad rows a job goes on with: a model that fails on more is to blame itself, and they are kept in memory.
inline constexpr std::uint64_t most_bad_rows = 1'000'000;

/// Bytes of a reason, at most.
inline constexpr std::size_t longest_reason = 200;

/// The first line of a message, cut where it is long, never within a character of UTF-8.
std::string row_reason(std::string_view message);

} // namespace distinfer
