#include "written_inputs.hpp"

#include <torch/csrc/jit/ir/alias_analysis.h>
#include <torch/csrc/jit/passes/inliner.h>

#include <algorithm>

namespace distinfer::model
{

bool may_write_inputs(torch::jit::Method const& method)
{
    auto const graph = method.graph()->copy();
    torch::jit::Inline(*graph);
    torch::jit::AliasDb const aliases{graph};
    auto const inputs = graph->inputs().slice(1); // behind self
    return std::ranges::any_of(inputs, [&](torch::jit::Value const* input) { return aliases.hasWriters(input); });
}

} // namespace distinfer::model
