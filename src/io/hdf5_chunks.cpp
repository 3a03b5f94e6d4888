#include "hdf5_chunks.hpp"

namespace distinfer::io
{

std::optional<StoredChunk> find_chunk(hid_t dataset, std::vector<std::uint64_t> const& origin)
{
    std::vector<hsize_t> const start(origin.begin(), origin.end());
    unsigned skipped = 0;
    haddr_t address = HADDR_UNDEF;
    hsize_t bytes = 0;
    succeeded<InputError>(H5Dget_chunk_info_by_coord(dataset, start.data(), &skipped, &address, &bytes),
                          "cannot find a chunk");
    if (address == HADDR_UNDEF || bytes == 0) return std::nullopt;
    return StoredChunk{address, bytes, skipped};
}

} // namespace distinfer::io
