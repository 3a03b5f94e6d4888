#include "node.hpp"

#include "distinfer/core/error.hpp"

#include <algorithm>

namespace distinfer::config
{

Node const* Node::find(std::string_view wanted) const
{
    auto const found = std::find_if(items.begin(), items.end(), [&](Node const& item) { return item.key == wanted; });
    return found == items.end() ? nullptr : &*found;
}

std::string_view name_of(Node::Kind kind)
{
    switch (kind) {
    case Node::Kind::null:
        return "nothing";
    case Node::Kind::scalar:
        return "one value";
    case Node::Kind::list:
        return "a list";
    case Node::Kind::map:
        return "a set of keys";
    }
    return {};
}

void set_place(Node& node, std::string const& place)
{
    node.place = place;
    node.key_place = place;
    for (auto& item : node.items) set_place(item, place);
}

void fail_at(std::string const& place, std::string const& problem, std::string_view why, std::string_view suggestion)
{
    throw ConfigError(place + ": " + problem, why, suggestion);
}

} // namespace distinfer::config
