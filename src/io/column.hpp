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
    /// @param descriptor of the file, which outlives the column
    Column(std::string file, std::string name, OpenDataset dataset, int descriptor);

    std::string const& dataset() const noexcept { return name_; }

    /// "/images in data.h5"
    std::string name() const { return name_ + " in " + file_; }

    DatasetInfo const& info() const noexcept { return dataset_.info; }

    /// How the rows travel.
    StoredForm form() const;

    /// @throws InputError
    std::uint64_t wire_bytes(RowRange rows);

    /// @param wire wire_bytes(rows) bytes. @throws InputError naming file, dataset and rows
    void fetch(RowRange rows, std::span<std::byte> wire);

  private:
    /// A chunk of some rows, and where it lies in the file.
    struct Located
    {
        WireChunk wire;
        std::uint64_t offset = 0;
    };

    std::vector<Located> const& locate(RowRange rows);
    void fetch_chunks(RowRange rows, std::span<std::byte> wire);
    void fetch_rows_of_chunks(RowRange rows, std::span<std::byte> wire);
    void fetch_through_hdf5(RowRange rows, std::span<std::byte> wire);
    void read_bytes(std::uint64_t offset, std::span<std::byte> bytes, RowRange rows) const;
    std::string problem(RowRange rows) const;

    std::string file_;
    std::string name_;
    OpenDataset dataset_;
    Hid memory_type_;
    int descriptor_;
    StoredLayout layout_;
    RowRange located_rows_;        ///< of located_
    std::vector<Located> located_; ///< found for wire_bytes(), used again by fetch()
};

} // namespace distinfer::io
