#pragma once

#include <functional>
#include <string>
#include <vector>

namespace fashion_mnist
{

using Arguments = std::vector<std::string>;

/// Runs a program's body on its arguments. An error is told on stderr, and its exit code returned.
int run_program(std::string const& name, int argc, char const* const* argv, std::function<int(Arguments)> const& body);

/// Takes an option out of the arguments. @returns whether it was there
bool take_flag(Arguments& arguments, std::string const& flag);

/// Takes "--name VALUE" out of the arguments. @throws ConfigError where the value is missing
std::string take_option(Arguments& arguments, std::string const& name, std::string const& otherwise);

/// @throws ConfigError with the usage where the number of arguments is another or an unknown option is left
void expect_arguments(Arguments const& arguments, std::size_t count, std::string const& usage);

} // namespace fashion_mnist
