#include "fashion_mnist/gzip.hpp"

#include "distinfer/core/error.hpp"

#include <libdeflate.h>

#include <fstream>
#include <iterator>
#include <memory>

namespace fashion_mnist
{

namespace
{

constexpr std::size_t shortest_gzip = 18; ///< header and trailer around nothing
constexpr std::size_t largest_content = std::size_t{1} << 30;

struct FreeDecompressor
{
    void operator()(libdeflate_decompressor* decompressor) const { libdeflate_free_decompressor(decompressor); }
};

/// The size that the last four bytes of a gzip file tell, little-endian.
std::size_t stored_size(std::span<std::uint8_t const> compressed)
{
    std::size_t size = 0;
    for (std::size_t i = 1; i <= 4; ++i) size = size << 8 | compressed[compressed.size() - i];
    return size;
}

} // namespace

std::vector<std::uint8_t> read_file(std::string const& path)
{
    std::ifstream file{path, std::ios::binary};
    if (!file) {
        throw distinfer::InputError("cannot open " + path, "no such file, or not readable",
                                    "apt-get install dataset-fashion-mnist brings the four files");
    }
    return {std::istreambuf_iterator<char>{file}, {}};
}

std::vector<std::uint8_t> gunzip(std::span<std::uint8_t const> compressed, std::string_view origin)
{
    auto const damaged = [&](char const* why) {
        return distinfer::InputError("cannot decompress " + std::string{origin}, why);
    };
    if (compressed.size() < shortest_gzip) throw damaged("too short for a gzip file");
    auto const size = stored_size(compressed);
    if (size > largest_content) throw damaged("its content would be over 1 GiB");
    std::unique_ptr<libdeflate_decompressor, FreeDecompressor> const decompressor{libdeflate_alloc_decompressor()};
    std::vector<std::uint8_t> content(size);
    std::size_t written = 0;
    auto const result = libdeflate_gzip_decompress(decompressor.get(), compressed.data(), compressed.size(),
                                                   content.data(), content.size(), &written);
    if (result != LIBDEFLATE_SUCCESS || written != size) throw damaged("not a whole gzip file");
    return content;
}

} // namespace fashion_mnist
