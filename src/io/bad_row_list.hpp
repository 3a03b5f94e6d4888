#pragma once

#include "distinfer/core/bad_row.hpp"

#include <span>
#include <string>

namespace distinfer::io
{

/// Adds the datasets /dist-infer/bad_rows, of row numbers, and /dist-infer/bad_row_reasons, of as many strings, to an
/// output, which is closed before and after. Two, and no compound: h5py gives row numbers that can be an index at once.
/// @param rows in order
/// @throws OutputError
void add_bad_rows(std::string const& path, std::span<BadRow const> rows);

} // namespace distinfer::io
