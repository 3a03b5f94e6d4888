#pragma once

#include "distinfer/config/cli.hpp"
#include "flags.hpp"

#include <span>

namespace distinfer::config
{

/// An option that asks for something to be printed instead of a run.
struct Request
{
    std::string_view name; ///< without the dashes
    Action::Kind kind;
    std::string_view doc;
};

inline constexpr auto requests = std::to_array<Request>({
    {"help", Action::Kind::help, "print this text"},
    {"version", Action::Kind::version, "print the version"},
    {"dump-default", Action::Kind::dump_default, "print a config with every key at its default, each explained"},
});

/// argv, the program's name or the command word first.
using Arguments = std::span<char const* const>;

/// A word that stands first, where CONFIG would, and has its own options.
struct Command
{
    std::string_view name;
    std::string_view arguments; ///< as usage shows them
    std::string_view doc;
    Action (*parse)(Arguments);
};

/// Every command; what stands first and is none of them is a CONFIG.
std::span<Command const> commands();

} // namespace distinfer::config
