#include "distinfer/core/error.hpp"
#include "fashion_mnist/png.hpp"

#include <gtest/gtest.h>
#include <libdeflate.h>

#include <memory>

namespace fashion_mnist
{

namespace
{

using Bytes = std::vector<std::uint8_t>;

Bytes bytes_of(std::string_view text)
{
    return {text.begin(), text.end()};
}

std::uint32_t number_at(Bytes const& png, std::size_t offset)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | png.at(offset + i);
    return value;
}

/// The content of the chunk at the offset, whose checksum is verified; the offset moves behind it.
Bytes chunk(Bytes const& png, std::size_t& offset, std::string_view type)
{
    auto const size = number_at(png, offset);
    auto const* const content = png.data() + offset + 8;
    EXPECT_EQ((std::string{content - 4, content}), type);
    EXPECT_EQ(libdeflate_crc32(0, content - 4, size + 4), number_at(png, offset + 8 + size));
    offset += size + 12;
    return {content, content + size};
}

Bytes zlib_decompress(Bytes const& compressed, std::size_t size)
{
    std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> const decompressor{
        libdeflate_alloc_decompressor(), &libdeflate_free_decompressor};
    Bytes content(size);
    EXPECT_EQ(libdeflate_zlib_decompress(decompressor.get(), compressed.data(), compressed.size(), content.data(), size,
                                         nullptr),
              LIBDEFLATE_SUCCESS);
    return content;
}

} // namespace

TEST(PngTest, HoldsSizeAndPixels)
{
    auto const png = encode_png(Bytes{1, 2, 3, 4, 5, 6}, 3, 2);
    EXPECT_EQ(Bytes(png.begin(), png.begin() + 8), (Bytes{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'}));
    std::size_t offset = 8;
    EXPECT_EQ(chunk(png, offset, "IHDR"), (Bytes{0, 0, 0, 3, 0, 0, 0, 2, 8, 0, 0, 0, 0}));
    EXPECT_EQ(zlib_decompress(chunk(png, offset, "IDAT"), 8), (Bytes{0, 1, 2, 3, 0, 4, 5, 6}));
    EXPECT_TRUE(chunk(png, offset, "IEND").empty());
    EXPECT_EQ(offset, png.size());
}

TEST(PngTest, PixelsMustFitTheSize)
{
    EXPECT_THROW(encode_png(Bytes{1, 2, 3}, 2, 2), distinfer::InternalError);
}

TEST(Base64Test, VectorsOfTheRfc)
{
    EXPECT_EQ(encode_base64(bytes_of("")), "");
    EXPECT_EQ(encode_base64(bytes_of("f")), "Zg==");
    EXPECT_EQ(encode_base64(bytes_of("fo")), "Zm8=");
    EXPECT_EQ(encode_base64(bytes_of("foo")), "Zm9v");
    EXPECT_EQ(encode_base64(bytes_of("foobar")), "Zm9vYmFy");
    EXPECT_EQ(encode_base64(Bytes{0xFB, 0xFF, 0xFE}), "+//+");
}

TEST(PngTest, DataUriNamesItsType)
{
    EXPECT_TRUE(png_data_uri(Bytes{0}, 1, 1).starts_with("data:image/png;base64,iVBORw0KGgo"));
}

} // namespace fashion_mnist
