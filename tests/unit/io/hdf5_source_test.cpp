#include "decoded_rows.hpp"
#include "distinfer/core/buffer.hpp"
#include "distinfer/core/error.hpp"
#include "distinfer/io/hdf5_source.hpp"
#include "hdf5_chunks.hpp"
#include "pattern.hpp"
#include "support/hdf5_file.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

namespace distinfer::io
{

namespace
{

Bytes rows_of(Bytes const& all, TensorSpec const& spec, RowRange rows)
{
    auto const at = [&](std::uint64_t row) { return all.begin() + static_cast<std::ptrdiff_t>(row * row_bytes(spec)); };
    return {at(rows.begin), at(rows.end)};
}

class Hdf5SourceTest : public testing::Test
{
  protected:
    void expect_round_trip(TensorSpec const& spec, std::uint64_t rows, test::StoredAs const& stored = {})
    {
        auto const file = folder_ / std::to_string(++files_);
        auto const bytes = pattern(spec, rows);
        test::write_dataset(file, "/x", spec, rows, bytes, stored);
        Hdf5Source source{file, {"/x"}};
        EXPECT_EQ(source.rows(), rows);
        EXPECT_EQ(source.layout().specs(), std::vector{spec});
        EXPECT_EQ(decoded_rows(source, {0, rows}), bytes) << to_string(spec);
        RowRange const middle{rows / 3, rows - rows / 4};
        EXPECT_EQ(decoded_rows(source, middle), rows_of(bytes, spec, middle)) << to_string(spec);
    }

    test::TemporaryFolder folder_;
    int files_ = 0;
};

} // namespace

TEST_F(Hdf5SourceTest, EveryTypeInEitherByteOrder)
{
    for (auto const name : dtype_names()) {
        TensorSpec const spec{parse_dtype(name).value(), {3, 5}};
        expect_round_trip(spec, 11);
        expect_round_trip(spec, 11, {.big_endian = true});
    }
}

TEST_F(Hdf5SourceTest, EveryBitPatternOfSixteenBitFloats)
{
    Bytes bytes(2 * 65536);
    for (std::size_t i = 0; i < 65536; ++i) {
        bytes[2 * i] = static_cast<std::byte>(i & 255U);
        bytes[2 * i + 1] = static_cast<std::byte>(i >> 8U);
    }
    for (auto const dtype : {DType::float16, DType::bfloat16}) {
        auto const name = "/" + std::string{name_of(dtype)};
        test::write_dataset(folder_ / "f.h5", name, {dtype, {}}, 65536, bytes, {.big_endian = true});
        Hdf5Source source{folder_ / "f.h5", {name}};
        EXPECT_EQ(decoded_rows(source, {0, 65536}), bytes) << name;
    }
}

TEST_F(Hdf5SourceTest, EveryRank)
{
    std::vector<std::int64_t> row_shape;
    for (int rank = 1; rank <= 8; ++rank) {
        expect_round_trip({DType::int16, row_shape}, 7);
        row_shape.push_back(rank % 3 + 1);
    }
}

TEST_F(Hdf5SourceTest, ChunkedAndCompressed)
{
    TensorSpec const spec{DType::float32, {6, 10}};
    expect_round_trip(spec, 50, {.chunk = {7, 4, 10}});
    expect_round_trip(spec, 50, {.chunk = {7, 4, 10}, .deflate = 4, .shuffle = true, .fletcher32 = true});
    expect_round_trip(spec, 50, {.big_endian = true, .chunk = {50, 6, 10}, .deflate = 9});
}

TEST_F(Hdf5SourceTest, NoRows)
{
    expect_round_trip({DType::float32, {3}}, 0);
    expect_round_trip({DType::float32, {}}, 0, {.chunk = {4}});
}

TEST_F(Hdf5SourceTest, RowsWithoutElements)
{
    expect_round_trip({DType::float32, {4, 0}}, 5);
    expect_round_trip({DType::float32, {0}}, 0);
}

TEST_F(Hdf5SourceTest, SeveralDatasetsShareTheWindow)
{
    TensorSpec const image{DType::uint8, {3, 3}};
    TensorSpec const label{DType::int64, {}};
    auto const images = pattern(image, 20);
    auto const labels = pattern(label, 20);
    test::write_dataset(folder_ / "two.h5", "/data/images", image, 20, images);
    test::write_dataset(folder_ / "two.h5", "/data/labels", label, 20, labels, {.big_endian = true});
    Hdf5Source source{folder_ / "two.h5", {"/data/labels", "data/images", "/data/labels"}};
    EXPECT_EQ(source.layout().specs(), (std::vector{label, image, label}));
    RowRange const rows{13, 18};
    EXPECT_EQ(decoded_rows(source, rows, 0), rows_of(labels, label, rows));
    EXPECT_EQ(decoded_rows(source, rows, 1), rows_of(images, image, rows));
    EXPECT_EQ(decoded_rows(source, rows, 2), rows_of(labels, label, rows));
}

TEST_F(Hdf5SourceTest, RowsBeyondTwoToTheThirtyFirst)
{
    std::uint64_t constexpr rows = 3'000'000'000;
    Bytes const end(1000, std::byte{7});
    for (auto const& chunk : std::vector<std::vector<std::uint64_t>>{{}, {1 << 20}}) {
        auto const file = folder_ / std::to_string(chunk.size());
        test::write_dataset(file, "/x", {DType::uint8, {}}, rows, {}, {.chunk = chunk});
        test::write_rows(file, "/x", rows - end.size(), end);
        auto const start = std::chrono::steady_clock::now();
        Hdf5Source source{file, {"/x"}};
        EXPECT_EQ(source.rows(), rows);
        auto const bytes = decoded_rows(source, {rows - 1500, rows});
        EXPECT_EQ(std::count(bytes.begin(), bytes.begin() + 500, std::byte{0}), 500);
        EXPECT_EQ(std::count(bytes.begin() + 500, bytes.end(), std::byte{7}), 1000);
        EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{5});
    }
}

TEST_F(Hdf5SourceTest, Hdf5KeepsAChunkForTheNextWindow)
{
    std::uint64_t constexpr rows = 4 << 20;
    TensorSpec const spec{DType::uint8, {2}};
    auto const bytes = pattern(spec, rows);
    test::write_dataset(folder_ / "a.h5", "/x", spec, rows, bytes, {.chunk = {2 << 20, 1}});
    Hdf5Source source{folder_ / "a.h5", {"/x"}};
    EXPECT_EQ(decoded_rows(source, {0, 1000}), rows_of(bytes, spec, {0, 1000}));
    auto const first = ChunkFinder{folder_ / "a.h5", "/x"}.find({0, 0}).piece.offset;
    test::flip_bits(folder_ / "a.h5", first + 5000, 1);
    EXPECT_EQ(decoded_rows(source, {5000, 5001}), rows_of(bytes, spec, {5000, 5001})) << "from the cache";
}

TEST_F(Hdf5SourceTest, BooleansOfADamagedFileBecomeZeroOrOne)
{
    Bytes const odd{std::byte{0}, std::byte{1}, std::byte{2}, std::byte{255}};
    test::write_dataset(folder_ / "b.h5", "/b", {DType::boolean, {}}, 4, odd);
    Hdf5Source source{folder_ / "b.h5", {"/b"}};
    EXPECT_EQ(decoded_rows(source, {0, 4}), (Bytes{std::byte{0}, std::byte{1}, std::byte{1}, std::byte{1}}));
}

TEST_F(Hdf5SourceTest, RowsOutsideTheDatasetAreOurBug)
{
    test::write_dataset(folder_ / "a.h5", "/x", {DType::uint8, {}}, 4, {});
    Hdf5Source source{folder_ / "a.h5", {"/x"}};
    EXPECT_THROW(decoded_rows(source, {2, 5}), InternalError);
    Bytes small(1);
    EXPECT_THROW(source.fetch({0, 4}, small), InternalError);
}

} // namespace distinfer::io
