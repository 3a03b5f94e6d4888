#pragma once

#include "distinfer/io/external.hpp"
#include "hdf5_handle.hpp"

#include <cstdint>
#include <string>

namespace distinfer::io
{

struct SourceRules
{
    std::string const& where; ///< names the dataset in messages
    External external;
};

/// One of the pieces that a virtual dataset is put together from.
struct VirtualSource
{
    std::string file;
    std::string dataset;
    Hid selection;         ///< what is taken from the source
    hssize_t elements = 0; ///< how many elements that should be; negative: as many as there are

    /// Whether both are one dataset of one file, as all blocks are where the names are no patterns.
    bool is_same(VirtualSource const& other) const { return file == other.file && dataset == other.dataset; }
};

/// A file that sources lie in. Neighbouring sources mostly share it.
struct SourceFile
{
    std::string name;
    std::string path;
    Hid id;
};

/// Source number `index`, and of a pattern that block, of which the first must exist.
VirtualSource source_of(hid_t creation, std::size_t index, std::uint64_t block);

/// Opens the file of a source where HDF5 finds it.
/// @param from the path of the file that the virtual dataset lies in
/// @return an empty one where there is none that can be opened
/// @throws InputError where it lies outside the folder and is not to be followed; it is not opened
SourceFile open_source_file(hid_t dataset, std::string const& name, std::string const& from, SourceRules const& rules);

} // namespace distinfer::io
