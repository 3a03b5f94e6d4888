#pragma once

#include "distinfer/core/row_range.hpp"
#include "distinfer/io/stored_form.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace distinfer::io
{

/// The chunks that a dataset is cut into, numbered in row-major order: chunks of the same rows stand together. Pure.
class ChunkGrid
{
  public:
    /// @pre form.in_chunks(). @throws InputError where a chunk's size does not fit 64 bits
    explicit ChunkGrid(StoredForm const& form);

    /// Bytes of a whole chunk; chunks at the edges are stored whole too.
    std::uint64_t chunk_bytes() const noexcept { return chunk_bytes_; }

    std::uint64_t chunks() const noexcept;

    /// Numbers of the chunks that hold any of the rows: first .. last-1.
    RowRange chunks_of(RowRange rows) const;

    /// Where a chunk begins in the dataset, in elements along each axis.
    std::vector<std::uint64_t> origin(std::uint64_t chunk) const;

    /// Copies what a chunk holds of the rows to its place among them.
    /// @param bytes the chunk, chunk_bytes() long
    /// @param window `[rows.size(), row_shape...]`
    void place(std::uint64_t chunk, std::span<std::byte const> bytes, RowRange rows, std::span<std::byte> window) const;

  private:
    std::vector<std::uint64_t> extents_; ///< of the dataset, rows first
    std::vector<std::uint64_t> chunk_;
    std::vector<std::uint64_t> grid_; ///< chunks along each axis
    std::uint64_t element_bytes_;
    std::uint64_t chunk_bytes_;
};

} // namespace distinfer::io
