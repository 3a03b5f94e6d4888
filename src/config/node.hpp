#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace distinfer::config
{

/// A value as it was written, of any layer of a config: the file, the environment or the command line.
struct Node
{
    enum class Kind { null, scalar, list, map };

    Kind kind = Kind::null;
    std::string text;        ///< of a scalar
    std::vector<Node> items; ///< of a list or map
    std::string place;       ///< as messages name it: "job.yaml:12:3", "--batch"
    std::string key;         ///< of an item of a map
    std::string key_place;

    /// The item of that key, or null.
    Node const* find(std::string_view wanted) const;
};

/// "a list", as messages name the kind.
std::string_view name_of(Node::Kind kind);

/// Says that a node and all inside it were written at a place.
void set_place(Node& node, std::string const& place);

/// Throws a ConfigError that begins with the place.
[[noreturn]] void fail_at(std::string const& place, std::string const& problem, std::string_view why = {},
                          std::string_view suggestion = {});

} // namespace distinfer::config
