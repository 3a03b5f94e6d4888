#pragma once

#include "distinfer/config/load.hpp"
#include "node.hpp"

namespace distinfer::config
{

/// The DIST_INFER_* variables as trees of one key each. @throws ConfigError for a variable that is no key
std::vector<Node> environment_trees(Environment const& environment);

/// What the command line says as trees of one key each, --set before flags. @throws ConfigError as above
std::vector<Node> command_line_trees(Overrides const& overrides);

} // namespace distinfer::config
