#pragma once

#include <string>

namespace distinfer::config
{

/// All of a config file. @throws ConfigError where it is missing, a folder, unreadable, empty, or surely no text
std::string read_text(std::string const& path);

} // namespace distinfer::config
