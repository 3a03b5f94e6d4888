#include "decoded_rows.hpp"
#include "distinfer/file/file.hpp"
#include "distinfer/io/file_source.hpp"
#include "expect_error.hpp"
#include "support/hdf5_file.hpp"
#include "support/npy_file.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace distinfer::io
{

namespace
{

using Bytes = std::vector<std::byte>;

constexpr std::uint64_t row = 12; ///< bytes: float32[3]

class FileSourceTest : public testing::Test
{
  protected:
    void add_hdf5(std::uint64_t rows, test::StoredAs const& stored = {})
    {
        test::write_dataset(next(".h5"), "/x", spec_, rows, append(rows), stored);
    }

    void add_npy(std::uint64_t rows, test::NpyAs const& stored = {})
    {
        test::write_npy(next(".npy"), spec_, rows, append(rows), stored);
    }

    /// Every range of the joined rows comes as it is in memory.
    void expect_all_ranges(bool plain)
    {
        JoinedSource source{files_, {"/x"}};
        EXPECT_EQ(WindowDecoder{source.facts()}.needed(), !plain);
        auto const rows = all_.size() / row;
        ASSERT_EQ(source.rows(), rows);
        for (std::uint64_t begin = 0; begin < rows; ++begin)
            for (auto end = begin; end <= rows; ++end)
                EXPECT_EQ(decoded_rows(source, {begin, end}), rows_of(begin, end)) << begin << " to " << end;
    }

    test::TemporaryFolder folder_;
    TensorSpec spec_{DType::float32, {3}};
    std::vector<std::string> files_;

  private:
    std::string next(std::string const& suffix)
    {
        return files_.emplace_back(folder_ / ("part" + std::to_string(files_.size()) + suffix));
    }

    Bytes append(std::uint64_t rows)
    {
        Bytes bytes(rows * row);
        for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>((all_.size() + i) * 31 % 251);
        all_.insert(all_.end(), bytes.begin(), bytes.end());
        return bytes;
    }

    Bytes rows_of(std::uint64_t begin, std::uint64_t end) const
    {
        auto const at = [&](std::uint64_t i) { return all_.begin() + static_cast<std::ptrdiff_t>(i * row); };
        return {at(begin), at(end)};
    }

    Bytes all_;
};

} // namespace

TEST_F(FileSourceTest, ContentTellsTheFormatNotTheName)
{
    Bytes const bytes(2 * row, std::byte{7});
    test::write_dataset(folder_ / "a.npy", "/x", spec_, 2, bytes);
    test::write_npy(folder_ / "a.h5", spec_, 2, bytes);
    auto const hdf5 = open_file_source(folder_ / "a.npy", {"/x"});
    auto const npy = open_file_source(folder_ / "a.h5", {"/x"});
    EXPECT_EQ(hdf5->facts().names.front(), "/x in " + (folder_ / "a.npy"));
    EXPECT_EQ(npy->facts().names.front(), "the array in " + (folder_ / "a.h5"));
    EXPECT_EQ(decoded_rows(*hdf5, {0, 2}), bytes);
    EXPECT_EQ(decoded_rows(*npy, {0, 2}), bytes);
}

TEST_F(FileSourceTest, WhatIsNeitherIsSaid)
{
    auto const file = folder_ / "a.npz";
    auto const opening = [&] { open_file_source(file, {"/x"}); };
    expect_error<InputError>(opening, {"cannot read " + file, "No such file"});
    file::write_atomically(file, "");
    expect_error<InputError>(opening, {"the file is empty"});
    file::write_atomically(file, "PK\x03\x04 and so on");
    expect_error<InputError>(opening, {"as HDF5 or .npy", "zip archive", "unzip it", ".npy file for each array"});
    file::write_atomically(file, "\x93NUM\x01");
    expect_error<InputError>(opening, {"as HDF5 or .npy", "no known format"});
}

TEST_F(FileSourceTest, ArraysAreJoined)
{
    for (std::uint64_t const rows : {4U, 1U, 0U, 7U}) add_npy(rows);
    expect_all_ranges(true);
}

TEST_F(FileSourceTest, ArraysAndDatasetsAreJoined)
{
    add_npy(3);
    add_hdf5(4);
    expect_all_ranges(true);
    add_npy(2, {.big_endian = true, .version = 2});
    add_hdf5(5, {.chunk = {2, 3}, .deflate = 3});
    add_npy(3);
    expect_all_ranges(false);
}

TEST_F(FileSourceTest, ArraysThatDoNotFitAreNamed)
{
    add_hdf5(2);
    auto const other = folder_ / "other.npy";
    test::write_npy(other, {DType::float32, {4}}, 2, Bytes(32));
    expect_error<InputError>(
        [&] {
            JoinedSource({files_.front(), other}, {"/x"});
        },
        {"do not fit together", "the array in " + other + " is float32[rows,4]"});
}

} // namespace distinfer::io
