#pragma once

#include <string>

namespace distinfer::ledger
{

/// @param error errno of what failed: the reason, and what can be done about it. @throws OutputError
[[noreturn]] void throw_output_error(std::string const& problem, int error);

} // namespace distinfer::ledger
