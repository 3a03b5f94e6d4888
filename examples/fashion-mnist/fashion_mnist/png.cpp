#include "fashion_mnist/png.hpp"

#include "distinfer/core/check.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <memory>
#include <string_view>

namespace fashion_mnist
{

namespace
{

using Bytes = std::vector<std::uint8_t>;

struct FreeCompressor
{
    void operator()(libdeflate_compressor* compressor) const { libdeflate_free_compressor(compressor); }
};

void append_big_endian(Bytes& bytes, std::uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(value >> shift & 0xFF));
}

/// A chunk is its length, its type, its content and a checksum over the latter two.
void append_chunk(Bytes& png, std::string_view type, Bytes const& content)
{
    append_big_endian(png, static_cast<std::uint32_t>(content.size()));
    auto const checked_from = png.size();
    png.insert(png.end(), type.begin(), type.end());
    png.insert(png.end(), content.begin(), content.end());
    append_big_endian(png, libdeflate_crc32(0, png.data() + checked_from, png.size() - checked_from));
}

Bytes zlib_compress(Bytes const& content)
{
    constexpr int level = 9;
    std::unique_ptr<libdeflate_compressor, FreeCompressor> const compressor{libdeflate_alloc_compressor(level)};
    Bytes compressed(libdeflate_zlib_compress_bound(compressor.get(), content.size()));
    compressed.resize(libdeflate_zlib_compress(compressor.get(), content.data(), content.size(), compressed.data(),
                                               compressed.size()));
    return compressed;
}

} // namespace

std::vector<std::uint8_t> encode_png(std::span<std::uint8_t const> pixels, std::uint32_t width, std::uint32_t height)
{
    distinfer::expects(pixels.size() == std::size_t{width} * height, "as many pixels as the image has");
    Bytes header;
    append_big_endian(header, width);
    append_big_endian(header, height);
    header.insert(header.end(), {8, 0, 0, 0, 0}); // 8 bits, grey, the usual compression and filters, not interlaced

    Bytes lines;
    for (std::uint32_t y = 0; y < height; ++y) {
        lines.push_back(0); // this line is not filtered
        auto const line = pixels.subspan(std::size_t{y} * width, width);
        lines.insert(lines.end(), line.begin(), line.end());
    }
    Bytes png{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    append_chunk(png, "IHDR", header);
    append_chunk(png, "IDAT", zlib_compress(lines));
    append_chunk(png, "IEND", {});
    return png;
}

std::string encode_base64(std::span<std::uint8_t const> bytes)
{
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        auto const group = bytes.subspan(i, std::min<std::size_t>(3, bytes.size() - i));
        std::uint32_t bits = 0;
        for (std::size_t k = 0; k < 3; ++k) bits = bits << 8 | (k < group.size() ? group[k] : 0U);
        for (std::size_t k = 0; k < 4; ++k) text.push_back(k <= group.size() ? digits[bits >> (18 - 6 * k) & 63] : '=');
    }
    return text;
}

std::string png_data_uri(std::span<std::uint8_t const> pixels, std::uint32_t width, std::uint32_t height)
{
    return "data:image/png;base64," + encode_base64(encode_png(pixels, width, height));
}

} // namespace fashion_mnist
