#pragma once

#include "support/expect_error.hpp"

namespace distinfer::io
{

using test::expect_error;

} // namespace distinfer::io
