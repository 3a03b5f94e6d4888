#include "decoded_rows.hpp"
#include "expect_error.hpp"
#include "npy_source.hpp"
#include "pattern.hpp"
#include "support/npy_file.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace distinfer::io
{

namespace
{

class NpySourceTest : public testing::Test
{
  protected:
    void expect_round_trip(TensorSpec const& spec, std::uint64_t rows, test::NpyAs const& stored = {})
    {
        SCOPED_TRACE(to_string(spec, rows) + (stored.big_endian ? " big-endian" : ""));
        auto const bytes = pattern(spec, rows);
        test::write_npy(file_, spec, rows, bytes, stored);
        NpySource source{file_, {"/x"}};
        EXPECT_EQ(source.rows(), rows);
        EXPECT_EQ(source.layout().specs(), std::vector{spec});
        EXPECT_EQ(decoded_rows(source, {0, rows}), bytes);
        auto const row = static_cast<std::ptrdiff_t>(row_bytes(spec));
        auto const begin = static_cast<std::ptrdiff_t>(rows / 3);
        auto const end = static_cast<std::ptrdiff_t>(rows - rows / 4);
        EXPECT_EQ(decoded_rows(source, {rows / 3, rows - rows / 4}),
                  Bytes(bytes.begin() + begin * row, bytes.begin() + end * row));
    }

    /// Writes a file with that dict and as many zeros behind it.
    void write(std::string const& dict, std::size_t zeros = 0) const
    {
        std::ofstream{file_, std::ios::binary} << test::npy_head(dict) << std::string(zeros, '\0');
    }

    void write_type(std::string const& descr) const
    {
        write("{'descr': '" + descr + "', 'fortran_order': False, 'shape': (2,)}", 64);
    }

    void expect_refused(std::initializer_list<std::string_view> words,
                        std::vector<std::string> const& datasets = {"/x"})
    {
        expect_error<InputError>([&] { NpySource{file_, datasets}; }, words);
    }

    test::TemporaryFolder folder_;
    std::string file_ = folder_ / "a.npy";
};

} // namespace

TEST_F(NpySourceTest, EveryTypeInEitherByteOrder)
{
    for (auto const name : dtype_names()) {
        TensorSpec const spec{parse_dtype(name).value(), {3, 5}};
        if (spec.dtype == DType::bfloat16) continue; // NumPy has none
        expect_round_trip(spec, 11);
        expect_round_trip(spec, 11, {.big_endian = true});
    }
}

TEST_F(NpySourceTest, EveryNumberOfAxes)
{
    std::vector<std::int64_t> row_shape;
    for (int axes = 1; axes <= 8; ++axes) {
        expect_round_trip({DType::int16, row_shape}, 7, {.version = axes % 3 + 1});
        row_shape.push_back(axes % 3 + 1);
    }
}

TEST_F(NpySourceTest, NoRowsOrRowsWithoutElements)
{
    expect_round_trip({DType::float32, {3}}, 0);
    expect_round_trip({DType::float64, {}}, 0, {.big_endian = true});
    expect_round_trip({DType::float32, {4, 0}}, 5);
}

TEST_F(NpySourceTest, OnlyWhatHasToBeDecodedIsNotPlain)
{
    auto const is_plain = [&](std::string const& descr) {
        write_type(descr);
        return NpySource{file_, {"/x"}}.facts().plain();
    };
    for (auto const* descr : {"<f4", "=f4", "|f4", "|u1", ">u1", ">i1", "<i1"}) EXPECT_TRUE(is_plain(descr)) << descr;
    for (auto const* descr : {">f4", ">i2", "|b1", ">b1"}) EXPECT_FALSE(is_plain(descr)) << descr;
}

TEST_F(NpySourceTest, BooleansOfADamagedFileBecomeZeroOrOne)
{
    Bytes const odd{std::byte{0}, std::byte{1}, std::byte{2}, std::byte{255}};
    test::write_npy(file_, {DType::boolean, {}}, 4, odd);
    NpySource source{file_, {"/b"}};
    EXPECT_EQ(decoded_rows(source, {0, 4}), (Bytes{std::byte{0}, std::byte{1}, std::byte{1}, std::byte{1}}));
}

TEST_F(NpySourceTest, SeveralInputsMayBeTheSameArray)
{
    TensorSpec const spec{DType::int32, {5}};
    auto const bytes = pattern(spec, 7);
    test::write_npy(file_, spec, 7, bytes);
    NpySource source{file_, {"/x", "/x"}};
    EXPECT_EQ(source.layout().specs(), (std::vector{spec, spec}));
    EXPECT_EQ(decoded_rows(source, {0, 7}, 0), bytes);
    EXPECT_EQ(decoded_rows(source, {0, 7}, 1), bytes);
    expect_refused({"cannot read /x and /y from " + file_, "one array, which has no name", "HDF5"}, {"/x", "/x", "/y"});
}

TEST_F(NpySourceTest, WhatStandsBehindTheArrayIsLetBe)
{
    TensorSpec const spec{DType::int32, {5}};
    auto const bytes = pattern(spec, 7);
    test::write_npy(file_, spec, 7, bytes);
    std::ofstream{file_, std::ios::binary | std::ios::app} << "more";
    NpySource source{file_, {"/x"}};
    EXPECT_EQ(decoded_rows(source, {0, 7}), bytes);
}

TEST_F(NpySourceTest, AFileCutShort)
{
    test::write_npy(file_, {DType::int32, {5}}, 7, Bytes(140));
    std::filesystem::resize_file(file_, 128 + 139);
    expect_refused({"cannot read " + file_, "cut short: it has 267 bytes of 268"});
}

TEST_F(NpySourceTest, AFileThatIsCutShortMeanwhile)
{
    test::write_npy(file_, {DType::int32, {5}}, 7, Bytes(140));
    NpySource source{file_, {"/x"}};
    std::filesystem::resize_file(file_, 128 + 139);
    expect_error<InputError>(
        [&] {
            decoded_rows(source, {3, 7});
        },
        {"cannot read rows 3 to 6 of the array in " + file_, "the file ends before them"});
}

TEST_F(NpySourceTest, ArraysOfColumns)
{
    write("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3)}", 24);
    expect_refused({"the array in " + file_, "column by column", "numpy.ascontiguousarray"});
}

TEST_F(NpySourceTest, TypesThatAreNotNumbers)
{
    using Refused = std::pair<std::string, std::string>; // a type, and what is said of it
    for (auto const& [descr, says] : std::vector<Refused>{
             {"|O", "Python objects ('|O')"},
             {"|S3", "text"},
             {"<U3", "text"},
             {"<M8[s]", "dates or times"},
             {"<m8[ns]", "dates or times"},
             {"<c8", "complex numbers"},
             {"|V2", "bfloat16"},
             {"<f16", "not known ('<f16')"},
             {"<b2", "not known"},
             {"f4", "not known"},
             {"<", "not known"},
             {"", "not known"},
         }) {
        write_type(descr);
        expect_refused({"cannot use the array in " + file_, says, "store it as one of bool, uint8"});
    }
}

TEST_F(NpySourceTest, ShapesThatHaveNoRowsOrDoNotFit)
{
    auto const shaped = [&](std::string const& shape) {
        write("{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + "}", 64);
    };
    shaped("()");
    expect_refused({"the array in " + file_, "single value", "axis of rows"});
    shaped("(1, 1, 1, 1, 1, 1, 1, 1, 1)");
    expect_refused({"9 axes"});
    shaped("(1, 9223372036854775808)");
    expect_refused({"an axis is absurdly long"});
    shaped("(1, 4294967296, 4294967296)");
    expect_refused({"does not fit 64 bits"});
    shaped("(4294967296, 4294967296)");
    expect_refused({"absurdly large"});
    shaped("(18446744073709551615, 1)");
    expect_refused({"absurdly large"});
    shaped("(4611686018427387903,)");
    expect_refused({"absurdly large"});
    shaped("(4611686018427387000,)");
    expect_refused({"absurdly large"});
}

TEST_F(NpySourceTest, RowsOutsideTheArrayAreOurBug)
{
    test::write_npy(file_, {DType::uint8, {}}, 4, Bytes(4));
    NpySource source{file_, {"/x"}};
    EXPECT_THROW(decoded_rows(source, {2, 5}), InternalError);
    Bytes small(1);
    EXPECT_THROW(source.fetch({0, 4}, small), InternalError);
}

/// Every byte of a file, damaged: it reads, or is refused as an input.
TEST_F(NpySourceTest, NoDamagedByteDoesMoreThanRefuse)
{
    auto content = test::npy_head("{'descr': '>f4', 'fortran_order': False, 'shape': (3, 2), }") + std::string(24, 'x');
    for (auto& byte : content)
        for (int const flip : {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff}) {
            auto const whole = byte;
            byte = static_cast<char>(byte ^ flip);
            std::ofstream{file_, std::ios::binary} << content;
            byte = whole;
            try {
                NpySource source{file_, {"/x"}};
                EXPECT_LE(decoded_rows(source, {0, std::min<std::uint64_t>(source.rows(), 3)}).size(), 24U);
            } catch (InputError const&) {
                continue;
            }
        }
}

} // namespace distinfer::io
