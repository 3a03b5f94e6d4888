#pragma once

#include "target.hpp"

#include <string>
#include <vector>

namespace distinfer::fuzz
{

/// Whole files: those named, and those in the folders named, in the order of their names.
/// @throws std::runtime_error where one cannot be read
std::vector<Input> read_corpus(std::vector<std::string> const& paths);

} // namespace distinfer::fuzz
