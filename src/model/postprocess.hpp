#pragma once

#include "program.hpp"

#include <string>
#include <vector>

namespace distinfer::model
{

/// A model's results with their transforms and casts done: one entry for each dataset of the output, `[rows, ...]`.
/// @param outputs one for each result; empty: every result as it is, under its own name
/// @throws ModelError where results and outputs do not match, or a transform cannot be done
std::vector<NamedResult> postprocess(std::vector<NamedResult> results,
                                     std::vector<config::ModelOutputConfig> const& outputs);

} // namespace distinfer::model
