#include "decoded_rows.hpp"
#include "distinfer/file/file.hpp"
#include "distinfer/io/hdf5_source.hpp"
#include "expect_error.hpp"
#include "hdf5_chunks.hpp"
#include "support/hdf5_file.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <hdf5.h>

#include <array>
#include <filesystem>
#include <utility>

namespace distinfer::io
{

namespace
{

constexpr std::uint32_t shuffle_skipped = 1;

std::vector<std::uint16_t> ramp(std::size_t size)
{
    std::vector<std::uint16_t> numbers(size);
    for (std::size_t i = 0; i < size; ++i) numbers[i] = static_cast<std::uint16_t>(i * 7919);
    return numbers;
}

/// A file with /x, shuffled and deflated: uint16[10,7] in chunks of [4,3], so that those at both edges are cut.
class Hdf5ChunksTest : public testing::Test
{
  protected:
    static constexpr hsize_t rows = 10;
    static constexpr hsize_t columns = 7;
    static constexpr hsize_t chunk_rows = 4;
    static constexpr hsize_t chunk_columns = 3;

    /// Creates /x. @param newest the newest file format, which has another index of chunks for each kind of shape
    void create(hsize_t user_block = 0, bool newest = false, std::array<hsize_t, 2> most = {rows, columns})
    {
        Hid const creation{H5Pcreate(H5P_FILE_CREATE)};
        if (user_block > 0) H5Pset_userblock(creation.get(), user_block);
        Hid const access{H5Pcreate(H5P_FILE_ACCESS)};
        if (newest) H5Pset_libver_bounds(access.get(), H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
        Hid const file{H5Fcreate(file_.c_str(), H5F_ACC_TRUNC, creation.get(), access.get())};
        std::array const extents{rows, columns};
        std::array const chunk{chunk_rows, chunk_columns};
        Hid const space{H5Screate_simple(2, extents.data(), most.data())};
        Hid const form{H5Pcreate(H5P_DATASET_CREATE)};
        H5Pset_chunk(form.get(), 2, chunk.data());
        H5Pset_shuffle(form.get());
        H5Pset_deflate(form.get(), 4);
        Hid const made{
            H5Dcreate2(file.get(), "/x", H5T_NATIVE_UINT16, space.get(), H5P_DEFAULT, form.get(), H5P_DEFAULT)};
        ASSERT_TRUE(made.valid());
    }

    /// Lets `write` put elements into /x.
    template <class Write>
    void with_dataset(Write write)
    {
        Hid const file{H5Fopen(file_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT)};
        Hid const dataset{H5Dopen2(file.get(), "/x", H5P_DEFAULT)};
        write(dataset.get());
    }

    void write_all()
    {
        with_dataset([this](hid_t dataset) {
            ASSERT_GE(H5Dwrite(dataset, H5T_NATIVE_UINT16, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers_.data()), 0);
        });
    }

    /// Every piece holds what HDF5 gives for its chunk, and says the same of its filters.
    void expect_found()
    {
        auto const bytes = file::read_file(file_, ExitCode::input);
        ChunkFinder const finder{file_, "/x"};
        with_dataset([&](hid_t dataset) {
            for (hsize_t row = 0; row < rows; row += chunk_rows) {
                for (hsize_t column = 0; column < columns; column += chunk_columns) {
                    std::array const origin{row, column};
                    std::array<std::byte, 1000> expected{};
                    std::uint32_t skipped = 0;
                    ASSERT_GE(H5Dread_chunk(dataset, H5P_DEFAULT, origin.data(), &skipped, expected.data()), 0);
                    auto const [piece, found_skipped] = finder.find({row, column});
                    EXPECT_EQ(found_skipped, skipped);
                    ASSERT_GT(piece.bytes, 0U);
                    ASSERT_LE(piece.offset + piece.bytes, bytes.size());
                    EXPECT_TRUE(std::equal(expected.begin(),
                                           expected.begin() + static_cast<std::ptrdiff_t>(piece.bytes),
                                           bytes.begin() + static_cast<std::ptrdiff_t>(piece.offset)));
                }
            }
        });
    }

    void expect_rows()
    {
        Hdf5Source source{file_, {"/x"}};
        for (std::uint64_t begin = 0; begin < rows; ++begin) {
            for (std::uint64_t end = begin + 1; end <= rows; ++end) {
                auto const wanted =
                    std::as_bytes(std::span{numbers_}.subspan(begin * columns, (end - begin) * columns));
                ASSERT_TRUE(std::ranges::equal(decoded_rows(source, {begin, end}), wanted)) << begin << " to " << end;
            }
        }
    }

    QuietErrors quiet_;
    test::TemporaryFolder folder_;
    std::string file_ = folder_ / "a.h5";
    std::vector<std::uint16_t> numbers_ = ramp(rows * columns);
};

} // namespace

TEST_F(Hdf5ChunksTest, TheyLieWhereHdf5ReadsThem)
{
    create();
    write_all();
    expect_found();
    expect_rows();
}

TEST_F(Hdf5ChunksTest, AUserBlockIsCountedIn)
{
    create(2048);
    write_all();
    expect_found();
    expect_rows();
}

TEST_F(Hdf5ChunksTest, EveryIndexOfTheNewestFormat)
{
    constexpr auto any = H5S_UNLIMITED;
    std::vector<std::pair<std::array<hsize_t, 2>, H5D_chunk_index_t>> const shapes{
        {{rows, columns}, H5D_CHUNK_IDX_FARRAY},
        {{any, columns}, H5D_CHUNK_IDX_EARRAY},
        {{any, any}, H5D_CHUNK_IDX_BT2},
    };
    for (auto const& [most, expected] : shapes) {
        create(512, true, most);
        write_all();
        auto index = H5D_CHUNK_IDX_BTREE;
        with_dataset([&](hid_t dataset) { H5Dget_chunk_index_type(dataset, &index); });
        EXPECT_EQ(index, expected);
        expect_found();
        expect_rows();
    }
}

TEST_F(Hdf5ChunksTest, FiltersThatWereNotAppliedAreTold)
{
    create();
    write_all();
    std::vector<std::byte> plain(chunk_rows * chunk_columns * 2, std::byte{5});
    std::array<hsize_t, 2> const origin{4, 3};
    with_dataset([&](hid_t dataset) {
        auto const both = shuffle_skipped | 2U;
        ASSERT_GE(H5Dwrite_chunk(dataset, H5P_DEFAULT, both, origin.data(), plain.size(), plain.data()), 0);
    });
    for (hsize_t row = 4; row < 8; ++row)
        for (hsize_t column = 3; column < 6; ++column) numbers_[row * columns + column] = 0x0505;
    expect_found();
    expect_rows();
}

TEST_F(Hdf5ChunksTest, ChunksThatAreNotThereAreNowhere)
{
    create();
    ChunkFinder const before{file_, "/x"};
    EXPECT_EQ(before.find({0, 0}).piece.bytes, 0U);
    std::ranges::fill(numbers_, std::uint16_t{0});
    expect_rows();

    // Chunks from the last one to the first, with a hole: none lies behind the one before it.
    for (auto const row : std::initializer_list<std::size_t>{8, 0}) {
        std::fill_n(numbers_.begin() + static_cast<std::ptrdiff_t>(row * columns), columns, std::uint16_t{7});
        test::write_rows(file_, "/x", row, std::as_bytes(std::span{numbers_}.subspan(row * columns, columns)));
    }
    ChunkFinder const finder{file_, "/x"};
    EXPECT_GT(finder.find({0, 0}).piece.offset, finder.find({8, 0}).piece.offset);
    EXPECT_EQ(finder.find({4, 0}).piece.bytes, 0U);
    expect_rows();
}

TEST_F(Hdf5ChunksTest, PiecesThatLieTogetherAreOne)
{
    std::vector<FilePiece> const pieces{{100, 10}, {110, 5}, {}, {115, 1}, {200, 4}, {100, 10}};
    auto const larger = joined(pieces);
    ASSERT_EQ(larger.size(), 3U);
    EXPECT_EQ(larger[0].offset, 100U);
    EXPECT_EQ(larger[0].bytes, 16U);
    EXPECT_EQ(larger[1].offset, 200U);
    EXPECT_EQ(larger[2].bytes, 10U);
    EXPECT_TRUE(joined({}).empty());
}

TEST_F(Hdf5ChunksTest, NeighboursReadTheChunkThatTheyShareOnce)
{
    create();
    write_all();
    Hdf5Source source{file_, {"/x"}};
    decoded_rows(source, {0, 6});
    for (hsize_t column = 0; column < columns; column += chunk_columns)
        test::flip_bits(file_, ChunkFinder{file_, "/x"}.find({4, column}).piece.offset, 1);
    auto const expected = std::as_bytes(std::span{numbers_}.subspan(6 * columns, 2 * columns));
    EXPECT_TRUE(std::ranges::equal(decoded_rows(source, {6, 8}), expected)) << "of the chunks of rows 4 to 7";
    EXPECT_THROW(decoded_rows(source, {3, 8}), InputError) << "no neighbour: they are read again, and are broken now";
}

TEST_F(Hdf5ChunksTest, AFileThatIsCutWhileItIsRead)
{
    create();
    write_all();
    Hdf5Source source{file_, {"/x"}};
    Buffer wire{source.wire_bytes({0, rows})};
    auto const last = ChunkFinder{file_, "/x"}.find({8, 6}).piece;
    std::filesystem::resize_file(file_, last.offset + 1);
    expect_error<InputError>(
        [&] {
            source.fetch({0, rows}, wire.span());
        },
        {"cannot read rows 0 to 9 of /x in " + file_, "the file ends before them"});
}

} // namespace distinfer::io
