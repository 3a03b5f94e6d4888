#include "hdf5_chunks.hpp"

#include <cstddef>

namespace distinfer::io
{

namespace
{

/// Whether the file has no chunk there, which HDF5 tells by failing.
bool is_absent(hid_t dataset, hsize_t const* origin)
{
    hsize_t bytes = 0;
    if (H5Dget_chunk_storage_size(dataset, origin, &bytes) >= 0) return bytes == 0;
    return last_reason().find("not allocated") != std::string::npos;
}

} // namespace

ChunkFinder::ChunkFinder(std::string const& file, std::string const& dataset)
    : file_(file),
      dataset_(own<InputError>(H5Dopen2(file_.get(), dataset.c_str(), H5P_DEFAULT),
                               "cannot open " + dataset + " in " + file))
{}

StoredChunk ChunkFinder::find(std::vector<std::uint64_t> const& origin) const
{
    std::vector<hsize_t> const start(origin.begin(), origin.end());
    std::uint32_t skipped = 0;
    std::byte untouched{};
    if (H5Dread_chunk(dataset_.get(), H5P_DEFAULT, start.data(), &skipped, &untouched) >= 0)
        return {file_.last_read(), skipped};
    auto const reason = last_reason();
    if (is_absent(dataset_.get(), start.data())) return {};
    throw InputError("cannot find a chunk", reason);
}

std::vector<FilePiece> joined(std::span<FilePiece const> pieces)
{
    std::vector<FilePiece> larger;
    for (auto const& piece : pieces) {
        if (piece.bytes == 0) continue;
        if (!larger.empty() && larger.back().offset + larger.back().bytes == piece.offset)
            larger.back().bytes += piece.bytes;
        else
            larger.push_back(piece);
    }
    return larger;
}

} // namespace distinfer::io
