#pragma once

#include "hdf5_handle.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace distinfer::io
{

/// Bytes of the chunk that begins at these elements, as stored; 0 where the file has none. @throws InputError
std::uint64_t chunk_bytes(hid_t dataset, std::vector<std::uint64_t> const& origin);

/// Reads that chunk as it is stored. HDF5's other calls that tell where a chunk lies walk the whole index each time;
/// this one looks it up.
/// @param to chunk_bytes() bytes
/// @returns the filters that were not applied to it. @throws InputError
std::uint32_t read_chunk(hid_t dataset, std::vector<std::uint64_t> const& origin, std::span<std::byte> to);

} // namespace distinfer::io
