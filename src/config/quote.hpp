#pragma once

#include <string>

namespace distinfer::config
{

/// A text as YAML that reads back as the same text, quoted where that is needed; dollars are doubled.
std::string quoted(std::string const& text);

} // namespace distinfer::config
