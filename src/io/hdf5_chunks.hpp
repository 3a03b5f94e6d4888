#pragma once

#include "hdf5_handle.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace distinfer::io
{

/// A chunk that the file holds.
struct StoredChunk
{
    std::uint64_t address = 0; ///< as HDF5 tells it
    std::uint64_t bytes = 0;   ///< as stored
    std::uint32_t skipped = 0; ///< filters that were not applied to it
};

/// The chunk that begins at these elements; nothing where the file has none. @throws InputError
std::optional<StoredChunk> find_chunk(hid_t dataset, std::vector<std::uint64_t> const& origin);

} // namespace distinfer::io
