#pragma once

#include "distinfer/config/config.hpp"

namespace distinfer::app
{

/// Refuses what the schema has and this version does not do yet, so that nothing is silently done another way.
/// @throws ConfigError naming the key
void check_supported(config::Config const& config);

} // namespace distinfer::app
