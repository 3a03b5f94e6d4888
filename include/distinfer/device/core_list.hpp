#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace distinfer::device
{

/// The numbers of a list as Linux writes it, "0-3,8"; what is no such list ends it. Sorted as they stand.
std::vector<int> parse_core_list(std::string_view text);

/// The other way: {0, 1, 2, 3, 8} becomes "0-3,8". @pre sorted
std::string core_list(std::vector<int> const& cores);

} // namespace distinfer::device
