#include "fashion_mnist/program.hpp"

#include "distinfer/core/error.hpp"

#include <algorithm>
#include <exception>
#include <iostream>

namespace fashion_mnist
{

int run_program(std::string const& name, int argc, char const* const* argv, std::function<int(Arguments)> const& body)
{
    try {
        return body(Arguments(argv + 1, argv + argc));
    } catch (distinfer::Error const& error) {
        std::cerr << name << ": " << error.what() << '\n';
        return static_cast<int>(error.code());
    } catch (std::exception const& error) {
        std::cerr << name << ": " << error.what() << '\n';
        return static_cast<int>(distinfer::ExitCode::internal);
    }
}

bool take_flag(Arguments& arguments, std::string const& flag)
{
    return std::erase(arguments, flag) > 0;
}

std::string take_option(Arguments& arguments, std::string const& name, std::string const& otherwise)
{
    auto const found = std::find(arguments.begin(), arguments.end(), name);
    if (found == arguments.end()) return otherwise;
    if (found + 1 == arguments.end()) throw distinfer::ConfigError(name + " needs a value");
    auto value = *(found + 1);
    arguments.erase(found, found + 2);
    return value;
}

void expect_arguments(Arguments const& arguments, std::size_t count, std::string const& usage)
{
    auto const is_option = [](std::string const& argument) { return argument.starts_with("--"); };
    if (arguments.size() == count && std::none_of(arguments.begin(), arguments.end(), is_option)) return;
    throw distinfer::ConfigError("usage: " + usage);
}

} // namespace fashion_mnist
