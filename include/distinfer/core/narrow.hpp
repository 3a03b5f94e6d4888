#pragma once

#include "distinfer/core/check.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

namespace distinfer
{

/// Integer conversion that keeps the value. @throws InternalError where `To` cannot hold it
template <class To, class From>
constexpr To narrow(From value, std::source_location where = std::source_location::current())
{
    if (!std::in_range<To>(value)) expects(false, "an integer to fit its new type", where);
    return static_cast<To>(value);
}

/// a * b, or nothing where the product overflows.
constexpr std::optional<std::uint64_t> checked_product(std::uint64_t a, std::uint64_t b)
{
    if (a != 0 && b > std::numeric_limits<std::uint64_t>::max() / a) return std::nullopt;
    return a * b;
}

} // namespace distinfer
