#include "overrides.hpp"

#include "distinfer/config/keys.hpp"
#include "distinfer/core/did_you_mean.hpp"
#include "distinfer/core/error.hpp"
#include "flags.hpp"
#include "parse_yaml.hpp"

#include <algorithm>

namespace distinfer::config
{

namespace
{

constexpr std::string_view prefix = "DIST_INFER_";
constexpr std::string_view of_tests = "DIST_INFER_TEST_";
constexpr std::string_view of_start = "DIST_INFER_INIT_TIMEOUT"; ///< wanted before there is a config
constexpr auto hint = "dist-infer --dump-default shows every key";

/// Taken as it is, without `${VAR}`; only a list or a set of keys is read as YAML.
Node value_node(std::string const& value, std::string const& place)
{
    if (!value.starts_with('[') && !value.starts_with('{'))
        return {.kind = Node::Kind::scalar, .text = value, .place = place};
    auto node = parse_yaml(value, place);
    set_place(node, place);
    return node;
}

/// The tree in which only this key is set. Its sections have no place: a section belongs to the file.
Node tree(std::string const& key, std::string const& value, std::string const& place)
{
    auto node = value_node(value, place);
    for (auto rest = key; !rest.empty();) {
        auto const dot = rest.rfind('.');
        node.key = rest.substr(dot == std::string::npos ? 0 : dot + 1);
        rest.resize(dot == std::string::npos ? 0 : dot);
        Node parent{.kind = Node::Kind::map};
        parent.items.push_back(std::move(node));
        node = std::move(parent);
    }
    return node;
}

void check_key(std::string const& key, std::string const& place)
{
    auto const known = keys();
    if (std::find(known.begin(), known.end(), key) != known.end()) return;
    auto const suggestion = suggest_key(key);
    fail_at(place, "unknown key '" + key + "'", "", suggestion.empty() ? hint : suggestion);
}

Node set_tree(std::string const& set)
{
    auto const equals = set.find('=');
    if (equals == std::string::npos)
        throw ConfigError("--set " + set + " says no value", "expected key=value", "as in --set run.batch=32");
    auto const key = set.substr(0, equals);
    check_key(key, "--set");
    return tree(key, set.substr(equals + 1), "--set");
}

Node flag_tree(std::string const& key, std::string const& value)
{
    auto const found = std::find_if(flags.begin(), flags.end(), [&](Flag const& flag) { return flag.key == key; });
    auto const place = found == flags.end() ? "command line" : "--" + std::string{found->name};
    check_key(key, place);
    return tree(key, value, place);
}

[[noreturn]] void refuse_variable(std::string const& name, std::vector<std::string> const& known)
{
    std::vector<std::string> names;
    for (auto const& key : known) names.push_back(environment_name(key));
    std::vector<std::string_view> const words{names.begin(), names.end()};
    auto const near = !nearest(name, words).empty();
    throw ConfigError("unknown environment variable " + name, "it is no key of the config",
                      near ? did_you_mean(name, words) : hint);
}

} // namespace

std::vector<Node> environment_trees(Environment const& environment)
{
    std::vector<Node> trees;
    auto const known = keys();
    for (auto const& [name, value] : environment.variables) {
        if (!name.starts_with(prefix) || name.starts_with(of_tests) || name == of_start) continue;
        auto const same = [&wanted = name](std::string const& key) { return environment_name(key) == wanted; };
        auto const key = std::find_if(known.begin(), known.end(), same);
        if (key == known.end()) refuse_variable(name, known);
        trees.push_back(tree(*key, value, "environment " + name));
    }
    return trees;
}

std::vector<Node> command_line_trees(Overrides const& overrides)
{
    std::vector<Node> trees;
    for (auto const& set : overrides.sets) trees.push_back(set_tree(set));
    for (auto const& [key, value] : overrides.flags) trees.push_back(flag_tree(key, value));
    return trees;
}

} // namespace distinfer::config
