#pragma once

#include "distinfer/config/fields.hpp"
#include "node.hpp"
#include "value_text.hpp"

#include <map>

namespace distinfer::config
{

/// Where each key was last set, lists and their items included: "model.inputs[0].scale".
using Places = std::map<std::string, std::string>;

/// Puts what a tree says into a config, one layer after the other, and remembers where each value came from.
class Reader
{
  public:
    Reader(Config& config, Places& places) : config_(config), places_(places) {}

    /// Paths are taken from base_dir. @throws ConfigError for unknown keys and for values that are none
    void read(Node const& root, std::string const& base_dir);

  private:
    template <HasFields S>
    void read_struct(Node const& node, S& out, std::string const& path);

    template <class T>
    void read_value(Node const& node, Field const& field, T& out, std::string const& path);

    template <HasFields S>
    void read_value(Node const& node, Field const& field, S& out, std::string const& path);

    template <class T>
    void read_value(Node const& node, Field const& field, std::vector<T>& out, std::string const& path);

    Config& config_;
    Places& places_;
    std::string base_dir_;
};

/// Checks what one value alone does not show: what is missing, what excludes each other. Puts sha256 in lower case.
/// @throws ConfigError at the place of the value, or of what it is missing from
void validate(Config& config, Places const& places);

} // namespace distinfer::config
