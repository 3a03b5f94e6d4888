#pragma once

#include "distinfer/core/model.hpp"
#include "distinfer/core/row_range.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace distinfer::app
{

/// Reads rows of the input, laid out as the model takes them.
using ReadRows = std::function<std::vector<std::byte>(RowRange rows)>;

/// How messages name rows.
using NameRows = std::function<std::string(RowRange rows)>;

/// Rows that are tried before the model itself is taken for what is wrong.
inline constexpr std::uint64_t most_rows_probed = 1000;

/// Probes a model with a batch. @throws ModelError naming the rows where it fails on them
std::vector<NamedTensor> probe(Model& model, PayloadLayout const& inputs, RowRange rows,
                               std::span<std::byte const> batch, NameRows const& name_rows);

/// A batch that tells what comes out of the model where bad rows are skipped: the first one, or where the model fails
/// on it, copies of the first row that it does not fail on.
/// @param total rows of the input
/// @throws ModelError where it fails on each of the first rows
std::vector<std::byte> batch_that_works(Model& model, PayloadLayout const& inputs, std::vector<std::byte> first,
                                        std::uint64_t rows, std::uint64_t total, ReadRows const& read);

} // namespace distinfer::app
