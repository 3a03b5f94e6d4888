#include "decoded_rows.hpp"
#include "distinfer/io/hdf5_source.hpp"
#include "hdf5_dataset.hpp"
#include "hdf5_layout.hpp"
#include "support/hdf5_file.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <hdf5.h>

#include <filesystem>
#include <functional>

namespace distinfer::io
{

namespace
{

using Kind = StoredLayout::Kind;

std::vector<std::byte> ramp(std::size_t size)
{
    std::vector<std::byte> bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * 7 % 253);
    return bytes;
}

/// How a dataset is created where write_dataset has no word for it.
struct Creation
{
    hsize_t user_block = 0;
    hsize_t rows = 10;
    std::vector<hsize_t> chunk;
    std::vector<H5Z_filter_t> filters;
    std::optional<std::uint16_t> fill;
};

class Hdf5LayoutTest : public testing::Test
{
  protected:
    StoredLayout layout(std::string const& dataset = "/x", ChunkLimits const& limits = {})
    {
        QuietErrors const quiet;
        Hid const file{H5Fopen(file_.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT)};
        auto const opened = open_dataset(file.get(), file_, dataset, External::refuse);
        return find_layout(opened.id.get(), opened.info, limits);
    }

    std::vector<std::byte> rows(RowRange range)
    {
        Hdf5Source source{file_, {"/x"}, {}, External::follow};
        return decoded_rows(source, range);
    }

    std::vector<std::byte> rows_of_all(std::uint64_t count)
    {
        Hdf5Source source{file_, {"/x"}, {}, External::follow};
        std::vector<std::byte> all;
        for (std::uint64_t begin = 0; begin < count; begin += 100) {
            auto const some = decoded_rows(source, {begin, begin + 100});
            all.insert(all.end(), some.begin(), some.end());
        }
        return all;
    }

    void expect_rows(std::vector<std::byte> const& all, std::uint64_t row_bytes)
    {
        auto const count = all.size() / row_bytes;
        for (std::uint64_t begin = 0; begin < count; begin += 3) {
            auto const end = std::min(count, begin + 4);
            auto const at = [&](std::uint64_t row) {
                return all.begin() + static_cast<std::ptrdiff_t>(row * row_bytes);
            };
            ASSERT_EQ(rows({begin, end}), (std::vector<std::byte>{at(begin), at(end)})) << begin << " to " << end;
        }
    }

    /// Creates /x of rows uint16, and lets `write` put chunks into it.
    void create(Creation const& wanted, std::function<void(hid_t)> const& write)
    {
        Hid const access{H5Pcreate(H5P_FILE_CREATE)};
        if (wanted.user_block > 0) H5Pset_userblock(access.get(), wanted.user_block);
        Hid const file{H5Fcreate(file_.c_str(), H5F_ACC_TRUNC, access.get(), H5P_DEFAULT)};
        Hid const space{H5Screate_simple(1, &wanted.rows, nullptr)};
        Hid const creation{H5Pcreate(H5P_DATASET_CREATE)};
        if (!wanted.chunk.empty()) H5Pset_chunk(creation.get(), 1, wanted.chunk.data());
        for (auto const filter : wanted.filters) H5Pset_filter(creation.get(), filter, H5Z_FLAG_OPTIONAL, 0, nullptr);
        if (wanted.fill) H5Pset_fill_value(creation.get(), H5T_NATIVE_UINT16, &*wanted.fill);
        Hid const dataset{
            H5Dcreate2(file.get(), "/x", H5T_STD_U16LE, space.get(), H5P_DEFAULT, creation.get(), H5P_DEFAULT)};
        ASSERT_TRUE(dataset.valid());
        write(dataset.get());
    }

    test::TemporaryFolder folder_;
    std::string file_ = folder_ / "a.h5";
};

void write_all(hid_t dataset)
{
    auto const bytes = ramp(20);
    ASSERT_GE(H5Dwrite(dataset, H5T_NATIVE_UINT16, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()), 0);
}

} // namespace

TEST_F(Hdf5LayoutTest, ContiguousRowsAreReadAsTheyLie)
{
    auto const bytes = ramp(40);
    test::write_dataset(file_, "/x", {DType::int32, {}}, 10, bytes);
    EXPECT_EQ(layout().kind, Kind::contiguous);
    EXPECT_TRUE(layout().form.plain());
    expect_rows(bytes, 4);
}

TEST_F(Hdf5LayoutTest, OtherByteOrdersAreTurnedAfterTheWay)
{
    auto const bytes = ramp(80);
    test::write_dataset(file_, "/x", {DType::float64, {}}, 10, bytes, {.big_endian = true});
    EXPECT_EQ(layout().kind, Kind::contiguous);
    EXPECT_TRUE(layout().form.swapped);
    expect_rows(bytes, 8);
}

TEST_F(Hdf5LayoutTest, LongRowsOfAnotherByteOrder)
{
    auto const bytes = ramp(10 * 5001 * 2);
    test::write_dataset(file_, "/x", {DType::uint16, {5001}}, 10, bytes, {.big_endian = true});
    expect_rows(bytes, 5001 * 2);
}

TEST_F(Hdf5LayoutTest, CompressedChunksTravelAsTheyAreStored)
{
    auto const bytes = ramp(120);
    test::write_dataset(file_, "/x", {DType::int16, {6}}, 10, bytes,
                        {.chunk = {4, 4}, .deflate = 6, .shuffle = true, .fletcher32 = true});
    EXPECT_EQ(layout().kind, Kind::chunks);
    EXPECT_EQ(layout().form.filters.size(), 3U);
    EXPECT_TRUE(layout().form.in_chunks());
    expect_rows(bytes, 12);
}

TEST_F(Hdf5LayoutTest, RowsOfChunksWithoutFiltersTravelAsRows)
{
    auto const bytes = ramp(120);
    struct Case
    {
        test::StoredAs stored;
        Kind kind = Kind::through_hdf5;
    };
    for (auto const& [stored, kind] :
         {Case{{.chunk = {4, 6}}, Kind::row_chunks}, Case{{.chunk = {4, 5}}, Kind::through_hdf5},
          Case{{.big_endian = true, .chunk = {4, 6}}, Kind::through_hdf5}}) {
        std::filesystem::remove(file_);
        test::write_dataset(file_, "/x", {DType::int16, {6}}, 10, bytes, stored);
        EXPECT_EQ(layout().kind, kind);
        EXPECT_TRUE(Hdf5Source(file_, {"/x"}).facts().plain());
        expect_rows(bytes, 12);
    }
}

/// Addresses of one file must never be read in another.
TEST_F(Hdf5LayoutTest, ADatasetBehindALinkIsReadFromItsOwnFile)
{
    auto const linked = folder_ / "linked.h5";
    auto const bytes = ramp(80);
    test::write_dataset(linked, "/x", {DType::float64, {}}, 10, bytes);
    test::write_dataset(linked, "/g/x", {DType::float64, {}}, 10, bytes, {.chunk = {3}, .deflate = 1});
    test::write_dataset(file_, "/other", {DType::float64, {}}, 10, std::vector<std::byte>(80, std::byte{9}));
    {
        Hid const file{H5Fopen(file_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT)};
        ASSERT_GE(H5Lcreate_external("linked.h5", "/x", file.get(), "/x", H5P_DEFAULT, H5P_DEFAULT), 0);
        ASSERT_GE(H5Lcreate_external("linked.h5", "/g", file.get(), "/g", H5P_DEFAULT, H5P_DEFAULT), 0);
    }
    expect_rows(bytes, 8);
    Hdf5Source source{file_, {"/g/x"}, {}, External::follow};
    EXPECT_EQ(decoded_rows(source, {0, 10}), bytes);
}

/// HDF5 has calls that walk the whole index of chunks to find one; a dataset of many chunks then takes for ever.
TEST_F(Hdf5LayoutTest, ManyChunks)
{
    constexpr std::uint64_t rows = 60000;
    auto const bytes = ramp(rows);
    test::write_dataset(file_, "/x", {DType::uint8, {}}, rows, bytes, {.chunk = {1}, .deflate = 1});
    EXPECT_EQ(rows_of_all(rows), bytes);
}

TEST_F(Hdf5LayoutTest, ChunksThatAreNotThereReadAsTheFillValue)
{
    hsize_t const second = 4;
    auto const chunk = ramp(8);
    auto expected = std::vector<std::byte>(20);
    for (std::size_t i = 0; i < 20; i += 2) expected[i] = std::byte{0x34}, expected[i + 1] = std::byte{0x12};
    std::copy(chunk.begin(), chunk.end(), expected.begin() + 8);
    for (auto const& filters : {std::vector<H5Z_filter_t>{}, std::vector<H5Z_filter_t>{H5Z_FILTER_SHUFFLE}}) {
        create({.chunk = {4}, .filters = filters, .fill = 0x1234}, [&](hid_t dataset) {
            ASSERT_GE(H5Dwrite_chunk(dataset, H5P_DEFAULT, filters.empty() ? 0 : 1, &second, 8, chunk.data()), 0);
        });
        EXPECT_EQ(layout().kind, filters.empty() ? Kind::row_chunks : Kind::chunks);
        expect_rows(expected, 2);
    }
}

TEST_F(Hdf5LayoutTest, LzfIsDecodedThoughHdf5HasNoSuchFilter)
{
    // What h5py's filter could have written: 8 literal bytes, after the control byte that counts them.
    std::vector<std::byte> stored{std::byte{7}};
    auto const chunk = ramp(8);
    stored.insert(stored.end(), chunk.begin(), chunk.end());
    hsize_t const first = 0;
    create({.rows = 4, .chunk = {4}, .filters = {32000}}, [&](hid_t dataset) {
        ASSERT_GE(H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, &first, stored.size(), stored.data()), 0);
    });
    EXPECT_EQ(layout().kind, Kind::chunks);
    EXPECT_EQ(rows({0, 4}), chunk);
}

TEST_F(Hdf5LayoutTest, AUserBlockDoesNotShiftRows)
{
    create({.user_block = 1024, .chunk = {4}, .filters = {H5Z_FILTER_SHUFFLE}}, write_all);
    EXPECT_EQ(layout().kind, Kind::chunks);
    expect_rows(ramp(20), 2);
    create({.user_block = 1024, .chunk = {4}}, write_all);
    EXPECT_EQ(layout().kind, Kind::row_chunks);
    expect_rows(ramp(20), 2);
    create({.user_block = 1024}, write_all);
    expect_rows(ramp(20), 2);
}

TEST_F(Hdf5LayoutTest, WhatIsNotOursToReadIsLeftToHdf5)
{
    create({}, [](hid_t) {}); // contiguous, not allocated
    EXPECT_EQ(layout().kind, Kind::through_hdf5);
    expect_rows(std::vector<std::byte>(20), 2);
    create({.chunk = {4}, .filters = {H5Z_FILTER_NBIT}}, write_all);
    EXPECT_EQ(layout().kind, Kind::through_hdf5);
    expect_rows(ramp(20), 2);
}

/// A chunk that windows would cut is decoded once, by HDF5, instead of once for each of them.
TEST_F(Hdf5LayoutTest, ChunksBeyondTheLimitsAreLeftToHdf5)
{
    test::write_dataset(file_, "/x", {DType::uint16, {7}}, 100, {}, {.chunk = {30, 3}, .deflate = 1});
    constexpr std::uint64_t across = std::uint64_t{30} * 9 * 2; // three chunks of three columns hold a row of seven
    EXPECT_EQ(layout("/x", {.bytes = across}).kind, Kind::chunks);
    EXPECT_EQ(layout("/x", {.bytes = across - 1}).kind, Kind::through_hdf5);
    EXPECT_EQ(layout("/x", {.shares = 3}).kind, Kind::chunks);
    EXPECT_EQ(layout("/x", {.shares = 4}).kind, Kind::through_hdf5) << "a rank would get no chunk";
}

} // namespace distinfer::io
