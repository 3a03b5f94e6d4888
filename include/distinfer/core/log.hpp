#pragma once

#include <string_view>

/// Lines on standard error, for people. Thread-safe.
namespace distinfer::log
{

/// Names the rank in front of its lines; rank 0 of a job of one writes none.
void set_rank(int rank, int size);

void info(std::string_view message);
void warning(std::string_view message);
void error(std::string_view message);

} // namespace distinfer::log
