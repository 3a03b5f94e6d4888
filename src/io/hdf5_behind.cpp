#include "hdf5_behind.hpp"

#include "hdf5_external.hpp"
#include "hdf5_links.hpp"
#include "hdf5_virtual_source.hpp"

#include <cstdint>
#include <filesystem>
#include <system_error>

namespace distinfer::io
{

namespace
{

std::string canonical(std::string const& path)
{
    std::error_code error;
    auto const found = std::filesystem::canonical(path, error);
    return error ? path : found.string(); // whoever looks at the file says what is wrong with it
}

/// The path of the file in which a dataset really lies, whatever links have led there.
std::string file_of(hid_t dataset, std::string const& problem)
{
    auto const size = succeeded<InputError>(H5Fget_name(dataset, nullptr, 0), problem);
    std::string path(static_cast<std::size_t>(size), '\0');
    succeeded<InputError>(H5Fget_name(dataset, path.data(), path.size() + 1), problem);
    return path;
}

} // namespace

FilesBehind::FilesBehind(std::string const& input, External external) : input_(canonical(input)), external_(external) {}

void FilesBehind::add(hid_t dataset, std::string const& where)
{
    auto const problem = "cannot tell the files of " + where;
    H5O_info_t info{};
    succeeded<InputError>(H5Oget_info1(dataset, &info), problem);
    auto const path = file_of(dataset, problem);
    if (!seen_.emplace(canonical(path), info.addr).second) return;
    add_path(path);
    for (auto const& piece : external_pieces(dataset, path, where)) add_path(piece.file);
    add_sources(dataset, path, where);
}

void FilesBehind::add_path(std::string const& path)
{
    auto found = canonical(path);
    if (found != input_) paths_.insert(std::move(found));
}

void FilesBehind::add_sources(hid_t dataset, std::string const& path, std::string const& where)
{
    Hid const creation{H5Dget_create_plist(dataset)};
    if (H5Pget_layout(creation.get()) != H5D_VIRTUAL) return;
    std::size_t count = 0;
    succeeded<InputError>(H5Pget_virtual_count(creation.get(), &count), "cannot tell the files of " + where);
    SourceFile file;
    for (std::size_t i = 0; i < count; ++i) {
        auto last = source_of(creation.get(), i, 0);
        // HDF5 takes the blocks of a pattern up to the first that is missing.
        for (std::uint64_t block = 1;; ++block) {
            if (last.file != file.name) file = open_source_file(dataset, last.file, path, {where, external_});
            if (!file.id.valid() || !add_source(file.id.get(), last.dataset, where)) break;
            auto next = source_of(creation.get(), i, block);
            if (next.is_same(last)) break; // no pattern
            last = std::move(next);
        }
    }
}

bool FilesBehind::add_source(hid_t file, std::string const& dataset, std::string const& where)
{
    auto const source = open_linked(file, dataset, external_, where);
    if (!source.valid() || H5Iget_type(source.get()) != H5I_DATASET) return false;
    add(source.get(), where);
    return true;
}

} // namespace distinfer::io
