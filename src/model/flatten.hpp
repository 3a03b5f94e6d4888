#pragma once

#include "program.hpp"

namespace distinfer::model
{

/// The tensors of a model's result, a tensor, tuple, list or dict of such, with names: "output", "output_0", or a
/// dict's keys, joined by "_" where they nest. @throws ModelError where anything else is in it
std::vector<NamedResult> flatten(c10::IValue const& result);

} // namespace distinfer::model
