#pragma once

#include "distinfer/file/file.hpp"

#include <cstdint>
#include <string>

namespace distinfer::io
{

/// Refuses an output that cannot fit, before it is begun: a disk is not filled up only to find that out.
/// @throws OutputError with the bytes that are needed and those that are free
void require_space(std::string const& path, std::uint64_t bytes);

/// Takes the disk space of a file that has been laid out, up to `bytes` at least, and makes its metadata durable.
/// @throws OutputError
void allocate(file::FileDescriptor const& file, std::string const& path, std::uint64_t bytes);

} // namespace distinfer::io
