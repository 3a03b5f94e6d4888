#pragma once

#include "distinfer/file/file.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace distinfer::io
{

/// Opens an input file as bytes, read-only. @throws InputError that says what is wrong with the path
file::FileDescriptor open_input(std::string const& file);

/// Reads the first bytes of a file. Returns as many as it has, at most `most`.
/// @param problem what the message begins with: "cannot read data.npy"
/// @throws InputError
std::vector<std::byte> read_head(int descriptor, std::size_t most, std::string const& problem);

/// Reads bytes of a file, all of them, to where they are wanted.
/// @param problem what the message begins with: "cannot read row 3 of /x in data.h5"
/// @throws InputError
void read_bytes(int descriptor, std::uint64_t offset, std::span<std::byte> bytes, std::string const& problem);

} // namespace distinfer::io
