#pragma once

#include "distinfer/core/source.hpp"
#include "distinfer/io/file_rows.hpp"
#include "distinfer/io/file_source.hpp"
#include "distinfer/io/stored_form.hpp"

#include <list>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace distinfer::io
{

/// Rows of datasets of several files, HDF5 or .npy, joined along axis 0 in the files' order. A few files are open at a
/// time, those that were used last, so that thousands of them stay within the limit of open files. One thread calls it.
class JoinedSource : public Source
{
  public:
    /// Opens every file once and checks that they fit together.
    /// @throws InputError naming file and dataset
    JoinedSource(std::vector<std::string> files, std::vector<std::string> datasets, ChunkLimits limits = {},
                 External external = External::refuse);

    std::uint64_t rows() const override { return file_rows_.rows(); }
    PayloadLayout const& layout() const override { return layout_; }

    /// What a WindowDecoder on any rank has to know, file by file.
    std::vector<FileFacts> const& facts() const noexcept { return facts_; }

    /// Files other than these that rows are in, as FileSource has it; each once, sorted.
    std::vector<std::string> files_behind() const { return {behind_.begin(), behind_.end()}; }

    std::uint64_t wire_bytes(RowRange rows) override;
    void fetch(RowRange rows, std::span<std::byte> wire) override;

  private:
    struct Open
    {
        std::size_t file;
        std::unique_ptr<FileSource> source;
    };

    FileSource& open(std::size_t file);
    std::vector<FileFacts> inspect();
    void fetch_plain(FilePart const& part, std::uint64_t window_rows, std::span<std::byte> window);

    std::vector<std::string> files_;
    std::vector<std::string> datasets_;
    ChunkLimits limits_;
    External external_;
    std::set<std::string> behind_;
    std::list<Open> open_; ///< the one used last comes first
    std::vector<FileFacts> facts_;
    FileRows file_rows_;
    PayloadLayout layout_;
    bool plain_; ///< windows travel as PayloadLayout lays them out
};

} // namespace distinfer::io
