#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace distinfer::io
{

/// SHA-256 in 64 lower-case hexadecimal digits.
std::string sha256_hex(std::span<std::byte const> bytes);

} // namespace distinfer::io
