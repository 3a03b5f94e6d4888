#include "file_kind.hpp"

#include <algorithm>
#include <array>

namespace distinfer::io
{

namespace
{

using namespace std::string_view_literals;

struct Signature
{
    std::string_view begin;
    FileKind kind;
};

constexpr std::string_view read_and_write = "read it in Python and write its arrays with h5py or numpy.save";

constexpr std::array signatures{
    Signature{"CDF\x01"sv, {"a NetCDF-3 file", "convert it: nccopy -k nc4 old.nc new.h5"}},
    Signature{"CDF\x02"sv, {"a NetCDF-3 file (64-bit offsets)", "convert it: nccopy -k nc4 old.nc new.h5"}},
    Signature{"CDF\x05"sv, {"a NetCDF-3 file (CDF-5)", "convert it: nccopy -k nc4 old.nc new.h5"}},
    Signature{"\x1f\x8b"sv, {"gzip data", "unpack it first: gunzip"}},
    Signature{"BZh"sv, {"bzip2 data", "unpack it first: bunzip2"}},
    Signature{"\xfd"
              "7zXZ"sv,
              {"xz data", "unpack it first: unxz"}},
    Signature{"\x28\xb5\x2f\xfd"sv, {"zstd data", "unpack it first: unzstd"}},
    Signature{
        "PK\x03\x04"sv,
        {"a zip archive, as NumPy's .npz and PyTorch's .pt are", "unzip it: an .npz gives a .npy file for each array"}},
    Signature{"PAR1"sv, {"a Parquet file", read_and_write}},
    Signature{"ARROW1"sv, {"an Arrow file", read_and_write}},
    Signature{"\x0e\x03\x13\x01"sv, {"an HDF4 file", "convert it: h4toh5 old.hdf new.h5"}},
    Signature{"GRIB"sv, {"a GRIB file", "convert it: grib_to_netcdf -k 3 -o new.h5 old.grib"}},
    Signature{"\x89PNG"sv, {"a PNG image", read_and_write}},
    Signature{"\x80\x02"sv, {"a Python pickle", read_and_write}},
    Signature{"\x80\x04"sv, {"a Python pickle", read_and_write}},
    Signature{"\x80\x05"sv, {"a Python pickle", read_and_write}},
    Signature{"version https://git-lfs"sv, {"a Git LFS pointer, not the data", "fetch the data: git lfs pull"}},
};

/// Printable ASCII, white space, or a byte of a UTF-8 sequence.
bool is_text(char c)
{
    auto const byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte != 0x7f) || (byte >= '\t' && byte <= '\r');
}

FileKind guess_text(std::string_view text)
{
    auto const line = text.substr(0, text.find('\n'));
    if (line.find_first_of(",;\t") != std::string_view::npos) return {"a text table, as CSV is", read_and_write};
    return {"text", "give the name of an HDF5 or .npy file"};
}

} // namespace

FileKind guess_kind(std::span<std::byte const> head)
{
    std::string_view const text{reinterpret_cast<char const*>(head.data()), head.size()};
    auto const found = std::find_if(signatures.begin(), signatures.end(),
                                    [&](Signature const& signature) { return text.starts_with(signature.begin); });
    if (found != signatures.end()) return found->kind;
    if (!text.empty() && std::all_of(text.begin(), text.end(), is_text)) return guess_text(text);
    return {"of no known format", "give an HDF5 or .npy file, or check that it was copied whole"};
}

} // namespace distinfer::io
