#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// Values of any HDF5 type for tests, written and read without the io layer. Errors are std::runtime_error.
namespace distinfer::test
{

/// Adds variable-length strings to a file that is there.
void write_strings(std::string const& file, std::string const& name, std::vector<std::string> const& strings);

/// Every element of a dataset in words, whatever it is and points to: "ab", "[01000000 02000000]".
std::vector<std::string> values_of(std::string const& file, std::string const& name);

} // namespace distinfer::test
