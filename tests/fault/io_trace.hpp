#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace distinfer::test
{

/// One call that the preloaded recorder has seen (shim/shim.hpp).
struct IoCall
{
    enum Kind : char {
        create = 'c',
        truncate = 't', ///< to `offset` bytes
        write = 'w',
        allocate = 'a',
        rename = 'r', ///< from `name` to `other`
        unlink = 'u',
        sync_begins = 'b',
        synced = 's',
    };

    Kind kind = write;
    std::uint64_t inode = 0; ///< of the file, where the call has it open
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    std::string name; ///< in the folder; `.` is the folder itself
    std::string other;
    std::string bytes; ///< of a write
};

/// Environment that has the program's calls on a folder recorded in a file.
std::vector<std::string> tracing(std::string const& folder, std::string const& trace);

/// The calls in the order in which they happened. @throws std::runtime_error where the trace is none
std::vector<IoCall> read_trace(std::string const& trace);

} // namespace distinfer::test
