#pragma once

#include "distinfer/core/row_range.hpp"
#include "distinfer/pipeline/deadlines.hpp"
#include "distinfer/report/run_report.hpp"

#include <string>

namespace distinfer::app
{

/// What root says of a stall. Pure. @param report whose ranks and rows are known @param rows of the stall's window
std::string stall_message(pipeline::Stall const& stall, RowRange rows, report::RunReport const& report);

/// What another rank says of a root that is silent. Pure. @param seconds that it may be silent
std::string silence_message(double seconds, report::RunReport const& report);

} // namespace distinfer::app
