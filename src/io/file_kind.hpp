#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace distinfer::io
{

/// What a file that is neither HDF5 nor .npy looks like, and how to make one of it.
struct FileKind
{
    std::string_view what;
    std::string_view how;
};

/// Judges by the first bytes of the file (a few hundred do). Pure and thread-safe.
FileKind guess_kind(std::span<std::byte const> head);

} // namespace distinfer::io
