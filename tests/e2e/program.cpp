#include "e2e/program.hpp"

#include "support/temporary_folder.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <sys/wait.h>

namespace distinfer::test
{

namespace
{

std::string quoted(std::string const& word)
{
    std::string text = "'";
    for (char const c : word) text += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return text + "'";
}

std::string content_of(std::string const& path)
{
    std::ostringstream text;
    text << std::ifstream{path}.rdbuf();
    return text.str();
}

std::string variable_or(char const* name, char const* otherwise)
{
    char const* const value = std::getenv(name);
    return value ? value : otherwise;
}

} // namespace

std::string program_path()
{
    return variable_or("DIST_INFER_TEST_PROGRAM", PROGRAM);
}

std::string mpiexec_path()
{
    return variable_or("DIST_INFER_TEST_MPIEXEC", MPIEXEC);
}

std::vector<std::string> Ended::error_lines() const
{
    std::vector<std::string> lines;
    std::istringstream text{err};
    for (std::string line; std::getline(text, line);)
        if (line.starts_with("dist-infer: ") && line.find("error: ") != std::string::npos) lines.push_back(line);
    return lines;
}

Ended run_shell(std::string const& command)
{
    TemporaryFolder const folder;
    auto const script = "timeout -k 5 60 sh -c " + quoted(command) + " >" + quoted(folder / "out") + " 2>" +
                        quoted(folder / "err") + " </dev/null";
    int const status = std::system(script.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, content_of(folder / "out"), content_of(folder / "err")};
}

Ended run_program(std::vector<std::string> const& arguments, Start const& start)
{
    std::string command;
    for (auto const& variable : start.environment) command += quoted(variable) + " ";
    if (!command.empty()) command = "env " + command;
    if (start.ranks > 0)
        command += quoted(mpiexec_path()) + " --oversubscribe --bind-to none " + start.launcher_options + " -np " +
                   std::to_string(start.ranks) + " ";
    command += quoted(program_path());
    for (auto const& argument : arguments) command += " " + quoted(argument);
    return run_shell(command);
}

} // namespace distinfer::test
