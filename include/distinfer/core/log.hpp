#pragma once

#include <string_view>

/// Lines on standard error, for people. Thread-safe.
namespace distinfer::log
{

/// Names the rank in front of its lines; rank 0, which speaks for the job, goes without.
void set_rank(int rank);

void info(std::string_view message);
void warning(std::string_view message);
void error(std::string_view message);

} // namespace distinfer::log
