#pragma once

#include "address_file.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace distinfer::io
{

/// A chunk as it is stored.
struct StoredChunk
{
    FilePiece piece;           ///< of the file; no bytes where the file has no such chunk
    std::uint32_t skipped = 0; ///< bit i: filter i was not applied to it
};

/// Looks up where the chunks of a dataset lie. HDF5 1.10 has calls for that, but they walk the whole index for every
/// chunk; H5Dread_chunk goes straight to it, and an AddressFile notes where it leads. One thread.
class ChunkFinder
{
  public:
    /// The caller has made a QuietErrors, here and for find(). @throws InputError
    ChunkFinder(std::string const& file, std::string const& dataset);

    /// @param origin of the chunk, in elements. @throws InputError
    StoredChunk find(std::vector<std::uint64_t> const& origin) const;

  private:
    AddressFile file_;
    Hid dataset_;
};

/// The same bytes in the same order, with pieces that lie one behind the other in the file made one.
std::vector<FilePiece> joined(std::span<FilePiece const> pieces);

} // namespace distinfer::io
