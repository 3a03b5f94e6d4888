#pragma once

#include <string>
#include <vector>

namespace distinfer::device
{

/// Numbers of the cores in this process's affinity mask.
std::vector<int> usable_cores();

/// This host's name, without its domain.
std::string host_name();

} // namespace distinfer::device
