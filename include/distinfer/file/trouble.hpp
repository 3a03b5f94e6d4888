#pragma once

#include <string>

namespace distinfer::file
{

/// Throws what the user is told when the system refuses something that belongs to an output.
/// @param problem what could not be done, with the file's name
/// @param error errno of what failed: the reason, and what can be done about it
/// @throws OutputError
[[noreturn]] void throw_output_error(std::string const& problem, int error);

} // namespace distinfer::file
