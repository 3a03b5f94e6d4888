#pragma once

#include "distinfer/core/row_range.hpp"
#include "distinfer/io/chunk_grid.hpp"
#include "distinfer/io/wire.hpp"
#include "hdf5_chunks.hpp"
#include "hdf5_dataset.hpp"
#include "hdf5_layout.hpp"
#include "kept_chunks.hpp"

#include <optional>
#include <string>
#include <vector>

namespace distinfer::io
{

/// One dataset of a source: reads its rows in the form in which they travel. One thread.
class Column
{
  public:
    /// @param layout how the dataset is stored
    /// @param descriptor of the file, which outlives the column
    Column(std::string file, std::string name, OpenDataset dataset, StoredLayout layout, int descriptor);

    std::string const& dataset() const noexcept { return name_; }

    /// "/images in data.h5"
    std::string name() const { return name_ + " in " + file_; }

    hid_t id() const noexcept { return dataset_.id.get(); }

    DatasetInfo const& info() const noexcept { return dataset_.info; }

    /// How the rows travel.
    StoredForm const& form() const noexcept { return layout_.form; }

    /// As FileSource has it. @throws InputError
    void look_up_chunks() const;

    /// @throws InputError
    std::uint64_t wire_bytes(RowRange rows);

    /// @param wire wire_bytes(rows) bytes. @throws InputError naming file, dataset and rows
    void fetch(RowRange rows, std::span<std::byte> wire);

  private:
    std::vector<StoredChunk> const& chunks_of(RowRange rows);
    StoredChunk find_chunk(std::vector<std::uint64_t> const& origin, RowRange rows) const;
    void fetch_chunks(RowRange rows, std::span<std::byte> wire);
    void keep_cut(ChunkGrid const& grid, RowRange rows, std::span<std::byte const> bytes);
    bool fetch_from_chunks(RowRange rows, std::span<std::byte> wire) const;
    void fetch_through_hdf5(RowRange rows, std::span<std::byte> wire);
    [[noreturn]] void fail_to_read(RowRange rows) const;
    void read_pieces(std::span<FilePiece const> pieces, std::span<std::byte> bytes, RowRange rows) const;
    std::string problem(RowRange rows) const;

    std::string file_;
    std::string name_;
    OpenDataset dataset_;
    Hid memory_type_;
    int descriptor_;
    StoredLayout layout_;
    std::optional<ChunkFinder> finder_;      ///< of chunks that are read without HDF5
    std::uint64_t most_stored_ = UINT64_MAX; ///< bytes that a chunk may take in the file
    RowRange found_rows_;                    ///< of found_
    std::vector<StoredChunk> found_;         ///< for wire_bytes(), used again by fetch()
    KeptChunks kept_;
};

} // namespace distinfer::io
