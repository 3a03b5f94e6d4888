#pragma once

#include "distinfer/core/row_range.hpp"
#include "distinfer/io/wire.hpp"
#include "hdf5_dataset.hpp"
#include "hdf5_layout.hpp"

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

    DatasetInfo const& info() const noexcept { return dataset_.info; }

    /// How the rows travel.
    StoredForm const& form() const noexcept { return layout_.form; }

    /// @throws InputError
    std::uint64_t wire_bytes(RowRange rows);

    /// @param wire wire_bytes(rows) bytes. @throws InputError naming file, dataset and rows
    void fetch(RowRange rows, std::span<std::byte> wire);

  private:
    std::vector<WireChunk> const& chunks_of(RowRange rows);
    void fetch_chunks(RowRange rows, std::span<std::byte> wire);
    void fetch_through_hdf5(RowRange rows, std::span<std::byte> wire);
    std::string problem(RowRange rows) const;

    std::string file_;
    std::string name_;
    OpenDataset dataset_;
    Hid memory_type_;
    int descriptor_;
    StoredLayout layout_;
    RowRange sized_rows_;          ///< of sized_
    std::vector<WireChunk> sized_; ///< found for wire_bytes(), used again by fetch()
};

} // namespace distinfer::io
