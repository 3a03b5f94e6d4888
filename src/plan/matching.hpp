#pragma once

#include <optional>
#include <vector>

namespace distinfer::plan
{

/// What it costs to give a right-hand side to a left-hand side; none: it cannot have that.
using Costs = std::vector<std::vector<std::optional<int>>>;

/// Gives each left-hand side one right-hand side, each of which `capacity` may have: as many as can be, at the smallest
/// sum of costs. Among equals the earlier get the earlier. Pure.
/// @returns by left-hand side; none: nothing was left for it
std::vector<std::optional<std::size_t>> match(Costs const& costs, int capacity);

} // namespace distinfer::plan
