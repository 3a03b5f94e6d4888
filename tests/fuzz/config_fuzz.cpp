// Any text is a config or a ConfigError, and a config can be dumped and loaded again.
#include "distinfer/config/load.hpp"
#include "distinfer/core/error.hpp"
#include "target.hpp"

#include <optional>

namespace
{

using namespace distinfer;

std::optional<config::Config> load(std::string const& text)
{
    try {
        return config::load_text(text, "fuzz.yaml", "", {{{"HERE", "/data"}, {"EMPTY", ""}}});
    } catch (ConfigError const&) {
        return std::nullopt;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string const text{data, data + size};
    if (auto const config = load(text))
        fuzz::require(load(config::dump(*config)) == config, "what is dumped loads as it was");
    return 0;
}
