#pragma once

#include <cstddef>
#include <cstdint>

namespace distinfer
{

/// Bytes whose multiples buffers and the tensors in them begin on. Bits may depend on where a kernel finds its input,
/// so everything that places a batch agrees on this one number.
inline constexpr std::size_t alignment = 64;

/// Bytes of a page: what a kernel caches, and a file system locks, as one. Windows of an output that end with pages do
/// not meet in one.
inline constexpr std::uint64_t page_bytes = 4096;

/// The next multiple of `alignment`, or the number itself where it is one.
constexpr std::uint64_t on_boundary(std::uint64_t bytes)
{
    return (bytes + alignment - 1) / alignment * alignment;
}

} // namespace distinfer
