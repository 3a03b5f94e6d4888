#pragma once

#include <string>
#include <vector>

namespace distinfer::test
{

/// How the program ended and what it said.
struct Ended
{
    int exit_code = -1;
    std::string out;
    std::string err;

    /// Lines of err that begin as an error message does.
    std::vector<std::string> error_lines() const;
};

/// How the program is started.
struct Start
{
    int ranks = 0;                        ///< 0: without mpirun
    std::vector<std::string> environment; ///< "NAME=value"
    std::string launcher_options;         ///< further options of mpirun
};

/// Where the program and the launcher are: those of the build, or what DIST_INFER_TEST_PROGRAM and
/// DIST_INFER_TEST_MPIEXEC say where the tests were carried to another machine.
std::string program_path();
std::string mpiexec_path();

/// Runs dist-infer with those arguments and waits for it; a program that hangs is killed after 60 s and shows as 124.
Ended run_program(std::vector<std::string> const& arguments, Start const& start = {});

/// Runs a shell command likewise.
Ended run_shell(std::string const& command);

} // namespace distinfer::test
