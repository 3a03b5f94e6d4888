#pragma once

#include "distinfer/core/bad_row.hpp"
#include "distinfer/core/payload_layout.hpp"
#include "distinfer/core/row_range.hpp"
#include "distinfer/core/sink.hpp"
#include "distinfer/file/file.hpp"
#include "distinfer/io/output_path.hpp"
#include "distinfer/io/passthrough.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace distinfer::io
{

/// One dataset of the output: `[rows, spec.row_shape...]`. Its name is an absolute path in the file; a leading slash
/// may be left out.
using OutputDataset = NamedTensor;

/// An output dataset and where its first row lies in the file.
struct PlacedDataset
{
    OutputDataset dataset;
    std::uint64_t row_bytes = 0;
    std::uint64_t offset = 0; ///< bytes from the file's begin; 0 where the dataset holds no bytes

    bool operator==(PlacedDataset const&) const = default;
};

/// An HDF5 output that takes its rows by address, in any order.
///
/// It grows as `path.part`, which nobody has open in HDF5 while rows are written, and gets its own name in publish().
/// The destructor of an unpublished output removes the part, unless it is kept for a later job. Who creates one, or
/// goes on with one, holds its OutputLock. Move-only. write() and sync() are thread-safe; the rest is not.
class OutputFile
{
  public:
    /// Creates the file with all of its space, durably. A part that is there is replaced.
    /// @param passthrough is copied into it first
    /// @throws OutputError naming the file, and where it is to blame the dataset
    /// @throws InputError where a dataset cannot be read that passes through
    static OutputFile create(std::string path, std::uint64_t rows, std::vector<OutputDataset> datasets, bool overwrite,
                             Passthrough const& passthrough = {});

    /// Goes on with a part that an earlier job has kept, and takes back what it may have changed beside the rows.
    /// @param datasets as that job has placed them
    /// @param image that it has read
    /// @throws OutputError
    static OutputFile go_on(std::string path, std::uint64_t rows, std::vector<PlacedDataset> datasets, bool overwrite,
                            std::span<std::byte const> image);

    /// Opens an output that another process has created and will finish, to write rows into it.
    /// @param datasets as its creator has placed them
    /// @throws OutputError
    static OutputFile join(std::string path, std::uint64_t rows, std::vector<PlacedDataset> datasets);

    std::string const& path() const noexcept { return path_; }
    std::uint64_t rows() const noexcept { return rows_; }
    std::vector<PlacedDataset> const& datasets() const noexcept { return datasets_; }

    /// Writes rows of a dataset.
    /// @param bytes `[rows.size(), row_shape...]`, in the machine's byte order
    /// @throws OutputError naming file, dataset and rows
    void write(std::size_t dataset, RowRange rows, std::span<std::byte const> bytes);

    /// Makes what this process wrote durable. @throws OutputError
    void sync();

    /// What go_on() needs of a created output beside its rows. @throws OutputError
    std::vector<std::byte> read_image() const;

    /// From now on the part stays when the object goes.
    void keep()
    {
        if (part_) part_->keep();
    }

    /// Adds text attributes to the group /dist-infer, durably. No row is written after it.
    /// @param bad_rows to list there, in order; nothing: no list is made
    /// @throws OutputError
    void seal(std::map<std::string, std::string> const& attributes,
              std::optional<std::vector<BadRow>> const& bad_rows = std::nullopt);

    /// Puts the file at its path, durably. @throws OutputError
    void publish();

    /// Both. @throws OutputError
    void finish(std::map<std::string, std::string> const& attributes);

  private:
    OutputFile(std::string path, std::uint64_t rows, std::vector<PlacedDataset> datasets, file::FileDescriptor file);

    std::string path_;
    std::uint64_t rows_;
    std::vector<PlacedDataset> datasets_;
    std::optional<file::RemovedOnExit> part_; ///< of its creator, unless it is kept
    std::uint64_t own_from_ = 0;              ///< bytes of the file that what passes through takes
    bool overwrite_ = false;
    file::FileDescriptor file_;
};

/// Stores windows in an OutputFile, which it borrows: tensor i of the layout is dataset i. Thread-safe as write() is.
class OutputSink : public Sink
{
  public:
    OutputSink(OutputFile& file, PayloadLayout layout);

    void store(RowRange rows, std::span<std::byte const> window) override;
    void sync() override { file_->sync(); }

  private:
    OutputFile* file_;
    PayloadLayout layout_;
};

} // namespace distinfer::io
