#pragma once

#include <string_view>

namespace distinfer
{

/// A place where tests end the process, to see that the next run goes on rightly. The program does nothing here: it is
/// linked with fail_points_off, and a program of the tests with fail_points_on.
void fail_point(std::string_view name);

} // namespace distinfer
