#pragma once

#include <string_view>

namespace distinfer
{

/// A place where tests end the process, to see that the next run goes on rightly. The program does nothing here; a
/// program of the tests has an object of its own with this function, which the linker prefers to the library's.
void fail_point(std::string_view name);

} // namespace distinfer
