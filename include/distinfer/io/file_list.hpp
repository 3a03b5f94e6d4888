#pragma once

#include <string>
#include <vector>

namespace distinfer::io
{

/// The files that a list of paths and globs names, in order; those of a glob by name, numbers in it by their value
/// (part2 before part10). A path that is there as it is written is no glob.
/// @throws InputError where a glob names nothing
std::vector<std::string> expand_files(std::vector<std::string> const& patterns);

/// Whether a name stands before another where runs of digits count as numbers. Pure.
bool natural_less(std::string const& a, std::string const& b);

} // namespace distinfer::io
