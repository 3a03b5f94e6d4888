#pragma once

#include <optional>
#include <string>

namespace distinfer::io
{

/// The group of an output that dist-infer keeps for itself.
inline constexpr auto own_group = "/dist-infer";

/// Datasets of that group: the rows that hold the fill value, and why.
inline constexpr auto bad_rows_dataset = "/dist-infer/bad_rows";
inline constexpr auto bad_row_reasons_dataset = "/dist-infer/bad_row_reasons";

/// The name as an absolute path; nothing where it is none that a dataset of the output could have, and only in one way.
std::optional<std::string> absolute_name(std::string name);

/// Whether a file cannot hold both datasets: their names are the same, or one would be the group of the other.
bool exclude_each_other(std::string const& a, std::string const& b);

} // namespace distinfer::io
