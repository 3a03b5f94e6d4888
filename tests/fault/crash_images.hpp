#pragma once

#include "fault/io_trace.hpp"

#include <cstddef>
#include <map>
#include <random>
#include <span>
#include <string>

/// What is on a disk after a crash, as it follows from the calls that a run has made.
namespace distinfer::test
{

/// The files of a folder: their content by name.
using Files = std::map<std::string, std::string>;

/// What is there when the process is killed: what the calls have done, and the first half of the last where it is a
/// write, else nothing of it.
Files after_kill(std::span<IoCall const> calls);

/// What the calls have made durable for sure, as the next start sees it. Data is durable where the file was synced
/// after it was written; a name, where the folder was synced after it was made, changed or removed.
Files durable(std::span<IoCall const> calls);

/// What may be there when the power goes behind the calls: all that is durable, and of the rest anything. Of a write
/// that is not durable there is all, nothing, the beginning up to any byte, or any of its sectors; what was allocated
/// reads as zeros.
Files after_power_loss(std::span<IoCall const> calls, std::mt19937& random);

} // namespace distinfer::test
