#pragma once

#include "distinfer/io/chunk_limits.hpp"
#include "distinfer/io/external.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// A file can be made, or be damaged, so that the HDF5 library crashes or never ends when it is opened. So input files
/// are opened once by a small program of their own, before the job itself does.
namespace distinfer::io
{

/// What is tried with input files: all that a job does with them before it reads a row.
struct Trial
{
    std::vector<std::string> files;       ///< one at least
    std::vector<std::string> datasets;    ///< of the model's inputs
    std::vector<std::string> passthrough; ///< datasets that are copied
    std::string plugin_folder;            ///< of HDF5 filters; empty: none
    ChunkLimits limits;
    External external = External::refuse;

    bool operator==(Trial const&) const = default;
};

/// A trial as text, and back. @pre the text is one of encode()
std::string encode(Trial const& trial);
Trial decode_trial(std::string const& text);

/// Opens every file, checks its datasets, and looks up where their chunks lie, at most some ten thousand of each.
/// @param begin_file told the number of each file before it is opened
/// @throws InputError, ConfigError as JoinedSource and check_passthrough do
void run_trial(Trial const& trial, std::function<void(std::size_t)> const& begin_file);

/// Where a trial's program writes what it has found.
inline constexpr int trial_answers = 3;

/// The program that reads a trial from its standard input and runs it: dist-infer-describe, beside the running program.
std::string trial_program();

/// Runs a trial by a program, so that whatever the library does to it is a message.
/// @param patience the longest that it may take over one file
/// @throws what the trial throws; InputError naming the file over which the program crashed or gave no answer
/// @throws LaunchError where the program cannot be started
void run_trial_apart(std::string const& program, Trial const& trial,
                     std::chrono::milliseconds patience = std::chrono::seconds{30});

} // namespace distinfer::io
