#pragma once

#include "distinfer/core/source.hpp"
#include "distinfer/io/chunk_limits.hpp"
#include "distinfer/io/external.hpp"
#include "distinfer/io/stored_form.hpp"

#include <memory>
#include <string>
#include <vector>

namespace distinfer::io
{

/// Rows of one input file. The file is open, read-only, as long as the object lives. One thread calls it.
class FileSource : public Source
{
  public:
    /// What a WindowDecoder on any rank has to know.
    virtual FileFacts facts() const = 0;

    /// Finds out where chunks lie, as fetch() does, over all of every dataset: chunk by chunk, or, of many, some of
    /// each part of the index. @throws InputError
    virtual void look_up_chunks() = 0;

    /// Canonical paths of the other files that the rows are in: sources of virtual datasets, external storage, and
    /// files behind external links; each once, sorted. @throws InputError
    virtual std::vector<std::string> files_behind() const { return {}; }

    /// Reads the rows of one tensor to where they are wanted. @pre facts().plain(). @throws InputError
    virtual void fetch_plain(std::size_t tensor, RowRange rows, std::span<std::byte> bytes) = 0;
};

/// Opens an HDF5 or a .npy file; its content tells which, whatever its name.
/// @param datasets one for each tensor; a .npy file holds one array, which any name refers to
/// @throws InputError naming file and dataset
std::unique_ptr<FileSource> open_file_source(std::string const& file, std::vector<std::string> const& datasets,
                                             ChunkLimits const& limits = {}, External external = External::refuse);

} // namespace distinfer::io
