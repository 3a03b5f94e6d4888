#include "distinfer/config/environment.hpp"

#include <string_view>
#include <unistd.h>

namespace distinfer::config
{

Environment process_environment()
{
    Environment environment;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        std::string_view const text{*entry};
        auto const equals = text.find('=');
        if (equals == std::string_view::npos) continue;
        environment.variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return environment;
}

} // namespace distinfer::config
