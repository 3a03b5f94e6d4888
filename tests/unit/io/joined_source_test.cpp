#include "distinfer/core/buffer.hpp"
#include "distinfer/core/error.hpp"
#include "distinfer/io/joined_source.hpp"
#include "distinfer/io/window_decoder.hpp"
#include "support/hdf5_file.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <sys/resource.h>

namespace distinfer::io
{

namespace
{

using Bytes = std::vector<std::byte>;

constexpr std::uint64_t x_row = 12; ///< bytes: float32[3]
constexpr std::uint64_t y_row = 1;

class JoinedSourceTest : public testing::Test
{
  protected:
    /// Adds a file of /x float32[rows,3] and /y uint8[rows].
    void add(std::uint64_t rows, test::StoredAs const& x = {}, test::StoredAs const& y = {})
    {
        auto const file = folder_ / ("part" + std::to_string(files_.size()) + ".h5");
        files_.push_back(file);
        test::write_dataset(file, "/x", {DType::float32, {3}}, rows, append(x_, rows * x_row), x);
        test::write_dataset(file, "/y", {DType::uint8, {}}, rows, append(y_, rows * y_row), y);
        rows_ += rows;
    }

    /// Every range of the joined rows comes as it is in memory; every range that begins with a multiple of `step`.
    void expect_all_ranges(std::uint64_t step = 1)
    {
        JoinedSource source{files_, {"/x", "/y"}};
        ASSERT_EQ(source.rows(), rows_);
        WindowDecoder decoder{source.facts()};
        for (std::uint64_t begin = 0; begin < rows_; begin += step)
            for (std::uint64_t end = begin; end <= rows_; end += 3 * step) expect_range(source, decoder, {begin, end});
    }

    test::TemporaryFolder folder_;
    std::vector<std::string> files_;

  private:
    static Bytes append(Bytes& all, std::uint64_t count)
    {
        Bytes bytes(count);
        for (auto& byte : bytes)
            byte = static_cast<std::byte>((all.size() * 31 + static_cast<std::size_t>(&byte - bytes.data()) * 7) % 251);
        all.insert(all.end(), bytes.begin(), bytes.end());
        return bytes;
    }

    static void expect_range(JoinedSource& source, WindowDecoder& decoder, RowRange rows, Bytes const& x,
                             Bytes const& y)
    {
        Buffer wire{source.wire_bytes(rows)};
        source.fetch(rows, wire.span());
        Buffer window{source.layout().bytes(rows.size())};
        decoder.decode(rows, wire.span(), window.span());
        auto const* second = window.data() + source.layout().offset(1, rows.size());
        ASSERT_TRUE(std::equal(window.data(), window.data() + rows.size() * x_row, x.data() + rows.begin * x_row));
        ASSERT_TRUE(std::equal(second, second + rows.size() * y_row, y.data() + rows.begin * y_row));
    }

    void expect_range(JoinedSource& source, WindowDecoder& decoder, RowRange rows)
    {
        SCOPED_TRACE(to_string(rows));
        expect_range(source, decoder, rows, x_, y_);
    }

    Bytes x_;
    Bytes y_;
    std::uint64_t rows_ = 0;
};

} // namespace

TEST_F(JoinedSourceTest, RowsOfPlainFilesFollowEachOther)
{
    for (std::uint64_t const rows : {4U, 1U, 0U, 7U}) add(rows);
    expect_all_ranges();
}

TEST_F(JoinedSourceTest, FilesMayBeStoredEachInItsOwnWay)
{
    add(5, {.chunk = {2, 3}, .deflate = 3});
    add(4);
    add(6, {.big_endian = true}, {.chunk = {4}, .fletcher32 = true});
    add(3, {.chunk = {3, 2}, .shuffle = true});
    expect_all_ranges();
}

TEST_F(JoinedSourceTest, MoreFilesThanMayBeOpen)
{
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
    rlimit const few{.rlim_cur = 64, .rlim_max = before.rlim_max};
    for (int i = 0; i < 100; ++i) add(1);
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
    expect_all_ranges(30);
    setrlimit(RLIMIT_NOFILE, &before);
}

TEST_F(JoinedSourceTest, FilesThatDoNotFitAreNamed)
{
    add(2);
    auto const other = folder_ / "other.h5";
    test::write_dataset(other, "/x", {DType::float32, {4}}, 2, {});
    test::write_dataset(other, "/y", {DType::uint8, {}}, 2, {});
    try {
        JoinedSource({files_.front(), other}, {"/x", "/y"});
        FAIL();
    } catch (InputError const& error) {
        EXPECT_NE(std::string{error.what()}.find("/x in " + other + " is float32[rows,4]"), std::string::npos);
    }
}

} // namespace distinfer::io
