#pragma once

#include "distinfer/config/environment.hpp"
#include "node.hpp"

namespace distinfer::config
{

/// Puts variables into every value of a tree: `${VAR}`, `${VAR:-default}`; `$$` is one dollar.
/// @throws ConfigError where a variable is not defined
void expand(Node& node, Environment const& environment);

} // namespace distinfer::config
