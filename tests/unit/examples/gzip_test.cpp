#include "distinfer/core/error.hpp"
#include "fashion_mnist/gzip.hpp"

#include <gtest/gtest.h>
#include <libdeflate.h>

#include <memory>

namespace fashion_mnist
{

namespace
{

using Bytes = std::vector<std::uint8_t>;

Bytes gzip(Bytes const& content)
{
    std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> const compressor{
        libdeflate_alloc_compressor(6), &libdeflate_free_compressor};
    Bytes compressed(libdeflate_gzip_compress_bound(compressor.get(), content.size()));
    compressed.resize(libdeflate_gzip_compress(compressor.get(), content.data(), content.size(), compressed.data(),
                                               compressed.size()));
    return compressed;
}

} // namespace

TEST(GzipTest, RoundTrip)
{
    Bytes content(70'000);
    for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<std::uint8_t>(i * i >> 3);
    EXPECT_EQ(gunzip(gzip(content), "a"), content);
}

TEST(GzipTest, DamageIsRefused)
{
    auto const whole = gzip(Bytes(1000, 7));
    for (std::size_t at = 0; at < whole.size(); ++at) {
        EXPECT_THROW(gunzip(std::span{whole}.first(at), "a"), distinfer::InputError) << at;
    }
    auto wrong_checksum = whole;
    wrong_checksum[wrong_checksum.size() - 5] ^= 1U;
    EXPECT_THROW(gunzip(wrong_checksum, "a"), distinfer::InputError);
}

TEST(GzipTest, MissingFileIsAnInputError)
{
    EXPECT_THROW(read_file("no/such/file.gz"), distinfer::InputError);
}

} // namespace fashion_mnist
