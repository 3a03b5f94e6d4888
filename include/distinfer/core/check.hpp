#pragma once

#include "distinfer/core/error.hpp"

#include <source_location>
#include <string_view>

namespace distinfer
{

/// States what must hold inside our own code. @throws InternalError where it does not
inline void expects(bool condition, std::string_view what, std::source_location where = std::source_location::current())
{
    if (condition) return;
    throw InternalError("internal error: expected " + std::string{what},
                        std::string{where.file_name()} + ":" + std::to_string(where.line()),
                        "please report it with the config and report.json");
}

} // namespace distinfer
