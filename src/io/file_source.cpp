#include "distinfer/io/file_source.hpp"

#include "distinfer/io/hdf5_source.hpp"
#include "input_bytes.hpp"
#include "npy_header.hpp"
#include "npy_source.hpp"

namespace distinfer::io
{

std::unique_ptr<FileSource> open_file_source(std::string const& file, std::vector<std::string> const& datasets,
                                             ChunkLimits const& limits, External external)
{
    auto const head = read_head(open_input(file).get(), npy_magic.size(), "cannot read " + file);
    if (is_npy(head)) return std::make_unique<NpySource>(file, datasets);
    return std::make_unique<Hdf5Source>(file, datasets, limits, external);
}

} // namespace distinfer::io
