#pragma once

#include <map>
#include <optional>
#include <string>

namespace distinfer::config
{

/// Environment variables as plain data, so that loading a config depends on nothing else.
struct Environment
{
    std::map<std::string, std::string> variables;

    /// The value of a variable, if it is set; it may be empty.
    std::optional<std::string> operator()(std::string const& name) const
    {
        auto const found = variables.find(name);
        if (found == variables.end()) return std::nullopt;
        return found->second;
    }
};

/// The environment that this process was started with.
Environment process_environment();

} // namespace distinfer::config
