#include "hdf5_external.hpp"

#include "distinfer/core/narrow.hpp"
#include "hdf5_links.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace distinfer::io
{

namespace
{

struct ExternalFile
{
    std::string name;
    std::uint64_t offset = 0;
    hsize_t bytes = 0;
};

ExternalFile external_file(hid_t creation, unsigned index, std::string const& problem)
{
    std::array<char, 4096> name{};
    off_t offset = 0;
    ExternalFile file;
    succeeded<InputError>(H5Pget_external(creation, index, name.size() - 1, name.data(), &offset, &file.bytes),
                          problem);
    file.name = name.data();
    file.offset = static_cast<std::uint64_t>(offset);
    return file;
}

/// HDF5 takes a relative name from HDF5_EXTFILE_PREFIX, where ${ORIGIN} is the folder of the HDF5 file, or else from
/// the working folder.
std::filesystem::path resolve(std::string const& name, std::string const& hdf5_file)
{
    constexpr std::string_view origin = "${ORIGIN}";
    auto const* const set = std::getenv("HDF5_EXTFILE_PREFIX"); // NOLINT(concurrency-mt-unsafe)
    std::string const prefix = set == nullptr ? "" : set;
    if (!prefix.starts_with(origin)) return std::filesystem::path{prefix} / name;
    auto const folder = std::filesystem::path{hdf5_file}.parent_path();
    return folder.string() + prefix.substr(origin.size()) + "/" + name;
}

std::uint64_t bytes_of(hid_t dataset, std::string const& where)
{
    Hid const space{H5Dget_space(dataset)};
    Hid const type{H5Dget_type(dataset)};
    auto const elements = H5Sget_simple_extent_npoints(space.get());
    auto const bytes =
        checked_product(static_cast<std::uint64_t>(std::max<hssize_t>(elements, 0)), H5Tget_size(type.get()));
    if (!bytes) throw InputError("cannot use " + where, "its size does not fit 64 bits");
    return *bytes;
}

void require_bytes(std::filesystem::path const& file, std::uint64_t bytes, std::string const& where)
{
    std::error_code error;
    auto const size = std::filesystem::file_size(file, error);
    auto const problem = "cannot read " + where;
    if (error) throw InputError(problem, "its external file " + file.string() + ": " + error.message());
    if (size >= bytes) return;
    throw InputError(problem, "its external file " + file.string() + " has " + std::to_string(size) + " bytes of " +
                                  std::to_string(bytes));
}

} // namespace

std::vector<ExternalPiece> external_pieces(hid_t dataset, std::string const& path, std::string const& where)
{
    Hid const creation{H5Dget_create_plist(dataset)};
    if (H5Pget_layout(creation.get()) != H5D_CONTIGUOUS) return {};
    auto const files = H5Pget_external_count(creation.get());
    auto left = files > 0 ? bytes_of(dataset, where) : 0;
    std::vector<ExternalPiece> pieces;
    for (int i = 0; i < files && left > 0; ++i) {
        auto const file = external_file(creation.get(), static_cast<unsigned>(i), "cannot read " + where);
        auto const taken = std::min<std::uint64_t>(left, file.bytes);
        pieces.push_back({resolve(file.name, path).string(), file.offset + taken});
        left -= taken;
    }
    return pieces;
}

void require_external_files(hid_t dataset, std::string const& path, std::string const& where, External external)
{
    Hid const creation{H5Dget_create_plist(dataset)};
    if (H5Pget_external_count(creation.get()) > 0 && external == External::refuse)
        refuse_outside(where, "it is stored outside the file, in " +
                                  external_file(creation.get(), 0, "cannot read " + where).name);
    for (auto const& piece : external_pieces(dataset, path, where)) require_bytes(piece.file, piece.end, where);
}

} // namespace distinfer::io
