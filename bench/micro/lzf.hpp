#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace distinfer::bench
{

/// LZF data, as h5py's filter writes it: HDF5 has no such filter to make it with.
std::vector<std::byte> compress_lzf(std::span<std::byte const> from);

} // namespace distinfer::bench
