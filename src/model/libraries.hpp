#pragma once

#include <string>
#include <vector>

namespace distinfer::model
{

/// Loads libraries whose operations a model calls. They register themselves, and stay until the process ends.
/// @throws ModelError naming the library
void load_libraries(std::vector<std::string> const& paths);

} // namespace distinfer::model
