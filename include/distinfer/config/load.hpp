#pragma once

#include "distinfer/config/config.hpp"
#include "distinfer/config/environment.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace distinfer::config
{

/// What the command line says over the config. Keys are section.key, as in "run.batch".
struct Overrides
{
    std::vector<std::string> sets;                          ///< "key=value" of each --set, in order
    std::vector<std::pair<std::string, std::string>> flags; ///< key and value of each flag, in order
};

/// A config, and where each of its keys was set.
struct Loaded
{
    Config config;

    /// Key to origin: "default", "job.yaml:12:3", "environment DIST_INFER_RUN_BATCH", "--set" or a flag, as "--batch".
    std::map<std::string, std::string> origins;
};

/// Reads a config: defaults, then the file, then DIST_INFER_* variables, then --set, then flags; the later wins.
/// Paths are taken from the folder of the file, or from the current folder where another than the file says them.
/// @throws ConfigError beginning with "path:line:column: " for what is wrong in the file
Loaded load_file(std::string const& path, Overrides const& overrides, Environment const& environment);

/// Reads a config from text alone, as dump() writes it. Paths are taken from base_dir; "" leaves them as they are.
/// The environment is only for `${VAR}`. @throws ConfigError beginning with "origin_name:line:column: "
Config load_text(std::string const& text, std::string const& origin_name, std::string const& base_dir,
                 Environment const& environment = {});

/// Every key of a config with its value, as YAML: load_text(dump(c), name, "") == c for every c that loads.
std::string dump(Config const& config);

/// Every key of a config with its value as text, those of lists too: {"model.inputs[0].dataset", "/images"}.
std::vector<std::pair<std::string, std::string>> values(Config const& config);

/// A config with every key at its default, each explained; what is required holds an example.
std::string dump_default();

} // namespace distinfer::config
