#pragma once

#include "distinfer/core/source.hpp"

#include <memory>
#include <string>
#include <vector>

namespace distinfer::io
{

/// Rows of datasets of one HDF5 file, in the machine's byte order, read through H5Dread: right for every storage layout
/// that HDF5 knows. The file is open, read-only, as long as the object lives. One thread calls it.
class Hdf5Source : public Source
{
  public:
    /// Opens the file and checks every dataset: `[rows, row_shape...]` of rank 1 to 8, all of the same number of rows,
    /// of a type that DType knows.
    /// @throws InputError naming file and dataset
    Hdf5Source(std::string file, std::vector<std::string> const& datasets);
    ~Hdf5Source() override;
    Hdf5Source(Hdf5Source const&) = delete;
    Hdf5Source& operator=(Hdf5Source const&) = delete;

    std::uint64_t rows() const override { return rows_; }
    PayloadLayout const& layout() const override { return layout_; }
    void fetch(RowRange rows, std::span<std::byte> window) override;

  private:
    struct Opened;

    std::string file_;
    std::unique_ptr<Opened> opened_;
    std::uint64_t rows_;
    PayloadLayout layout_;
};

} // namespace distinfer::io
