#pragma once

#include "node.hpp"

namespace distinfer::config
{

/// Reads one YAML document; places are "name:line:column". Text without a document gives a null.
/// @throws ConfigError for what is no YAML, for a key given twice, and for YAML that a config has no use for: anchors,
/// tags, a second document, deep nesting
Node parse_yaml(std::string const& written, std::string const& name);

} // namespace distinfer::config
