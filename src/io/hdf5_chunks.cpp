#include "hdf5_chunks.hpp"

namespace distinfer::io
{

std::uint64_t chunk_bytes(hid_t dataset, std::vector<std::uint64_t> const& origin)
{
    std::vector<hsize_t> const start(origin.begin(), origin.end());
    hsize_t bytes = 0;
    if (H5Dget_chunk_storage_size(dataset, start.data(), &bytes) >= 0) return bytes;
    // That is how this call says that there is no such chunk.
    auto const reason = last_reason();
    if (reason.find("not allocated") != std::string::npos) return 0;
    throw InputError("cannot find a chunk", reason);
}

std::uint32_t read_chunk(hid_t dataset, std::vector<std::uint64_t> const& origin, std::span<std::byte> to)
{
    std::vector<hsize_t> const start(origin.begin(), origin.end());
    std::uint32_t skipped = 0;
    succeeded<InputError>(H5Dread_chunk(dataset, H5P_DEFAULT, start.data(), &skipped, to.data()),
                          "cannot read a chunk");
    return skipped;
}

} // namespace distinfer::io
