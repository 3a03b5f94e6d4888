#include "distinfer/config/load.hpp"

#include "distinfer/config/keys.hpp"
#include "expand.hpp"
#include "overrides.hpp"
#include "parse_yaml.hpp"
#include "read_text.hpp"
#include "reader.hpp"

#include <filesystem>

namespace distinfer::config
{

namespace
{

/// The tree of a text, with variables put in.
Node tree_of(std::string const& text, std::string const& name, Environment const& environment)
{
    auto root = parse_yaml(text, name);
    if (root.kind == Node::Kind::null)
        fail_at(name, "there is no config in it", "it has comments only", "start from --dump-default");
    expand(root, environment);
    return root;
}

std::map<std::string, std::string> origins_of(Places const& places)
{
    std::map<std::string, std::string> origins;
    for (auto const& key : keys()) {
        auto const found = places.find(key);
        origins[key] = found == places.end() ? "default" : found->second;
    }
    return origins;
}

} // namespace

Loaded load_file(std::string const& path, Overrides const& overrides, Environment const& environment)
{
    Loaded loaded;
    Places places{{"", path}};
    Reader reader{loaded.config, places};
    auto const folder = std::filesystem::path{path}.parent_path().string();
    reader.read(tree_of(read_text(path), path, environment), folder);
    for (auto const& tree : environment_trees(environment)) reader.read(tree, "");
    for (auto const& tree : command_line_trees(overrides)) reader.read(tree, "");
    validate(loaded.config, places);
    loaded.origins = origins_of(places);
    return loaded;
}

Config load_text(std::string const& text, std::string const& origin_name, std::string const& base_dir,
                 Environment const& environment)
{
    Config config;
    Places places{{"", origin_name}};
    Reader{config, places}.read(tree_of(text, origin_name, environment), base_dir);
    validate(config, places);
    return config;
}

} // namespace distinfer::config
