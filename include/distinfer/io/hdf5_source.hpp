#pragma once

#include "distinfer/io/chunk_limits.hpp"
#include "distinfer/io/external.hpp"
#include "distinfer/io/file_source.hpp"

#include <memory>
#include <string>
#include <vector>

namespace distinfer::io
{

/// Rows of datasets of one HDF5 file. HDF5 tells where they lie: contiguous rows are then read with pread, and filtered
/// chunks are taken as they are stored. Whatever else HDF5 knows comes through H5Dread, in the machine's byte order.
/// The file is open, read-only, as long as the object lives. One thread calls it.
class Hdf5Source : public FileSource
{
  public:
    /// Opens the file and checks every dataset: `[rows, row_shape...]` of rank 1 to 8, all of the same number of rows,
    /// of a type that DType knows.
    /// @throws InputError naming file and dataset
    Hdf5Source(std::string const& file, std::vector<std::string> const& datasets, ChunkLimits const& limits = {},
               External external = External::refuse);
    ~Hdf5Source() override;
    Hdf5Source(Hdf5Source const&) = delete;
    Hdf5Source& operator=(Hdf5Source const&) = delete;

    std::uint64_t rows() const override { return rows_; }
    PayloadLayout const& layout() const override { return layout_; }

    FileFacts facts() const override;
    void look_up_chunks() override;
    std::vector<std::string> files_behind() const override;
    std::uint64_t wire_bytes(RowRange rows) override;
    void fetch(RowRange rows, std::span<std::byte> wire) override;
    void fetch_plain(std::size_t tensor, RowRange rows, std::span<std::byte> bytes) override;

  private:
    struct Opened;

    static std::unique_ptr<Opened> open(std::string const& file, std::vector<std::string> const& datasets,
                                        ChunkLimits const& limits, External external);

    std::unique_ptr<Opened> opened_;
    std::uint64_t rows_;
    PayloadLayout layout_;
};

} // namespace distinfer::io
