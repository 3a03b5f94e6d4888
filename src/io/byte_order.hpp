#pragma once

#include <cstddef>
#include <span>

namespace distinfer::io
{

/// Turns the bytes of each element around.
void swap_bytes(std::span<std::byte> bytes, std::size_t element_bytes);

/// A damaged file may hold other bytes than 0 and 1, which no C++ bool may have.
void make_booleans(std::span<std::byte> bytes);

} // namespace distinfer::io
