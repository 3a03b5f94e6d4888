#include "file_kind.hpp"

#include <gtest/gtest.h>

#include <string>

namespace distinfer::io
{

namespace
{

using namespace std::string_view_literals;

std::string what(std::string_view head)
{
    return std::string{guess_kind(std::as_bytes(std::span{head})).what};
}

} // namespace

TEST(FileKindTest, KnowsTheFormatsThatPeopleMistakeForHdf5)
{
    EXPECT_EQ(what("CDF\x01\0\0"sv), "a NetCDF-3 file");
    EXPECT_EQ(what("CDF\x02\0\0"sv), "a NetCDF-3 file (64-bit offsets)");
    EXPECT_EQ(what("CDF\x05\0\0"sv), "a NetCDF-3 file (CDF-5)");
    EXPECT_EQ(what("\x1f\x8b\x08\0"sv), "gzip data");
    EXPECT_EQ(what("PK\x03\x04\x14\0"sv), "a zip archive, as NumPy's .npz and PyTorch's .pt are");
    EXPECT_EQ(what("PAR1\x15"sv), "a Parquet file");
    EXPECT_EQ(what("ARROW1\0\0"sv), "an Arrow file");
    EXPECT_EQ(what("\x0e\x03\x13\x01\0"sv), "an HDF4 file");
    EXPECT_EQ(what("\x80\x04\x95"sv), "a Python pickle");
    EXPECT_EQ(what("\xfd"
                   "7zXZ\0"sv),
              "xz data");
    EXPECT_EQ(what("\x28\xb5\x2f\xfd\x04"sv), "zstd data");
    EXPECT_EQ(what("version https://git-lfs.github.com/spec/v1\n"), "a Git LFS pointer, not the data");
}

TEST(FileKindTest, TellsTextFromTablesFromNoise)
{
    EXPECT_EQ(what("x,y\n1,2\n"), "a text table, as CSV is");
    EXPECT_EQ(what("x\ty\r\n1\t2\r\n"), "a text table, as CSV is");
    EXPECT_EQ(what("version: 1, of 2\n"), "a text table, as CSV is");
    EXPECT_EQ(what("input:\n  files: a.h5, b.h5\n"), "text");
    EXPECT_EQ(what("gr\xc3\xbc\xc3\x9f\x65\n"), "text");
    EXPECT_EQ(what("\0\x01\x02"sv), "of no known format");
    EXPECT_EQ(what(""), "of no known format");
}

TEST(FileKindTest, SaysHowToConvert)
{
    std::string_view const head = "CDF\x01";
    EXPECT_EQ(guess_kind(std::as_bytes(std::span{head})).how, "convert it: nccopy -k nc4 old.nc new.h5");
}

} // namespace distinfer::io
