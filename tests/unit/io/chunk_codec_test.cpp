#include "distinfer/core/error.hpp"
#include "distinfer/io/chunk_codec.hpp"
#include "support/hdf5_file.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <hdf5.h>

#include <array>
#include <numeric>

namespace distinfer::io
{

namespace
{

/// The one chunk of a dataset that HDF5 wrote, as it is stored.
struct Stored
{
    std::vector<std::byte> bytes;
    std::uint32_t skipped = 0;
};

Stored store(std::vector<std::byte> const& bytes, TensorSpec const& spec, test::StoredAs stored_as)
{
    test::TemporaryFolder const folder;
    auto const file = folder / "chunk.h5";
    auto const rows = bytes.size() / row_bytes(spec);
    stored_as.chunk = {rows};
    test::write_dataset(file, "/x", spec, rows, bytes, stored_as);
    auto const id = H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    auto const dataset = H5Dopen2(id, "/x", H5P_DEFAULT);
    hsize_t const origin = 0;
    hsize_t size = 0;
    H5Dget_chunk_storage_size(dataset, &origin, &size);
    Stored stored{.bytes = std::vector<std::byte>(size)};
    H5Dread_chunk(dataset, H5P_DEFAULT, &origin, &stored.skipped, stored.bytes.data());
    H5Dclose(dataset);
    H5Fclose(id);
    return stored;
}

std::vector<std::byte> ramp(std::size_t size)
{
    std::vector<std::byte> bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i / 3 % 251);
    return bytes;
}

std::vector<std::byte> decoded(ChunkCodec& codec, Stored const& stored, std::uint64_t bytes)
{
    auto const out = codec.decode(stored.bytes, stored.skipped, bytes);
    return {out.begin(), out.end()};
}

} // namespace

TEST(ChunkCodecTest, UndoesWhatHdf5Did)
{
    auto const bytes = ramp(4 * 1000);
    TensorSpec const spec{DType::float32, {}};
    ChunkCodec plain{{}};
    EXPECT_EQ(decoded(plain, store(bytes, spec, {}), bytes.size()), bytes);
    ChunkCodec deflate{{{Filter::Kind::deflate}}};
    EXPECT_EQ(decoded(deflate, store(bytes, spec, {.deflate = 6}), bytes.size()), bytes);
    ChunkCodec shuffled{{{Filter::Kind::shuffle, 4}, {Filter::Kind::deflate}}};
    EXPECT_EQ(decoded(shuffled, store(bytes, spec, {.deflate = 1, .shuffle = true}), bytes.size()), bytes);
    ChunkCodec checked{{{Filter::Kind::fletcher32}}};
    EXPECT_EQ(decoded(checked, store(bytes, spec, {.fletcher32 = true}), bytes.size()), bytes);
}

TEST(ChunkCodecTest, ASkippedFilterIsNotUndone)
{
    auto const bytes = ramp(100);
    ChunkCodec codec{{{Filter::Kind::shuffle, 2}, {Filter::Kind::deflate}}};
    EXPECT_EQ(decoded(codec, {bytes, 3}, bytes.size()), bytes);
}

TEST(ChunkCodecTest, DamageIsNamed)
{
    auto const bytes = ramp(4000);
    TensorSpec const spec{DType::uint8, {}};
    ChunkCodec deflate{{{Filter::Kind::deflate}}};
    auto broken = store(bytes, spec, {.deflate = 6});
    broken.bytes[broken.bytes.size() / 2] ^= std::byte{0x5a};
    EXPECT_THROW(decoded(deflate, broken, bytes.size()), InputError);
    EXPECT_THROW(decoded(deflate, store(bytes, spec, {.deflate = 6}), 100), InputError);
    EXPECT_THROW(decoded(deflate, store(bytes, spec, {.deflate = 6}), 8000), InputError);

    ChunkCodec checked{{{Filter::Kind::fletcher32}}};
    auto flipped = store(bytes, spec, {.fletcher32 = true});
    flipped.bytes[17] ^= std::byte{1};
    EXPECT_THROW(decoded(checked, flipped, bytes.size()), InputError);
    EXPECT_THROW(decoded(checked, {std::vector<std::byte>(3), 0}, 0), InputError);
}

TEST(UnshuffleTest, GathersElementsOfAnySizeAndKeepsTheRest)
{
    for (std::size_t const element : {1U, 2U, 3U, 4U, 8U, 16U}) {
        auto const original = ramp(element * 50 + 1);
        std::vector<std::byte> shuffled = original;
        for (std::size_t i = 0; i < 50; ++i)
            for (std::size_t plane = 0; plane < element; ++plane)
                shuffled[plane * 50 + i] = original[i * element + plane];
        std::vector<std::byte> out(original.size());
        unshuffle(shuffled, out, element);
        EXPECT_EQ(out, original) << element;
    }
}

TEST(ExpandLzfTest, LiteralsAndBackReferences)
{
    // Three literals, then a reference that repeats them over its own output: abc abcabc.
    std::array const data{std::byte{2},   std::byte{'a'},     std::byte{'b'},
                          std::byte{'c'}, std::byte{4U << 5}, std::byte{2}};
    std::vector<std::byte> out(9);
    ASSERT_EQ(expand_lzf(data, out), 9U);
    EXPECT_EQ(std::string(reinterpret_cast<char const*>(out.data()), 9), "abcabcabc");
}

/// Ten literals, then one reference of every length and distance, with and without room behind it.
TEST(ExpandLzfTest, EveryDistanceAndLength)
{
    std::string const literals = "0123456789";
    for (std::size_t distance = 1; distance <= literals.size(); ++distance) {
        for (std::size_t length = 3; length <= 30; ++length) {
            std::string data{'\x09'};
            data += literals;
            auto const code = std::min<std::size_t>(length - 2, 7);
            data += static_cast<char>(code << 5U);
            if (code == 7) data += static_cast<char>(length - 9);
            data += static_cast<char>(distance - 1);
            auto expected = literals;
            for (std::size_t i = 0; i < length; ++i) expected += expected[expected.size() - distance];
            for (auto const room : std::initializer_list<std::size_t>{0, 5, 40}) {
                std::vector<char> out(expected.size() + room);
                ASSERT_EQ(expand_lzf(std::as_bytes(std::span{data}), std::as_writable_bytes(std::span{out})),
                          expected.size());
                ASSERT_EQ(std::string(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(expected.size())),
                          expected)
                    << distance << " back, " << length << " long";
            }
        }
    }
}

TEST(ExpandLzfTest, BrokenDataIsRefused)
{
    std::vector<std::byte> out(9);
    EXPECT_EQ(expand_lzf(std::array{std::byte{5}, std::byte{1}}, out), 0U);                  // literals cut short
    EXPECT_EQ(expand_lzf(std::array{std::byte{0x40}, std::byte{0}}, out), 0U);               // before the beginning
    EXPECT_EQ(expand_lzf(std::array{std::byte{0}, std::byte{1}, std::byte{0xe0}}, out), 0U); // reference cut short
    EXPECT_EQ(expand_lzf(std::vector<std::byte>(12, std::byte{9}), std::span{out}.first(2)), 0U); // too long
}

} // namespace distinfer::io
