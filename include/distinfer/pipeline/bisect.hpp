#pragma once

#include "distinfer/core/bad_row.hpp"
#include "distinfer/core/row_range.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace distinfer::pipeline
{

/// Runs a batch in which only these of its rows matter. @returns why the model failed; nothing where it did not
using Trial = std::function<std::optional<std::string>(RowRange rows)>;

/// Finds the rows of a batch that make it fail, by halves: at most 2 * k * ceil(log2(rows)) trials for k of them. Rows
/// that fail together only, and not in one of their halves, are not found. Pure, as far as `trial` is.
/// @param rows of a batch that has failed, counted from 0
/// @param why it has
/// @returns them in order
std::vector<BadRow> find_bad_rows(std::uint64_t rows, std::string why, Trial const& trial);

} // namespace distinfer::pipeline
