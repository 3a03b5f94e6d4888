#include "e2e/program.hpp"
#include "e2e/workshop.hpp"
#include "support/hdf5_file.hpp"
#include "support/hdf5_values.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace distinfer::test
{

namespace
{

TensorSpec const label{DType::int64, {}};

/// A workshop whose data have a label and an id for every row.
class PassthroughTest : public testing::Test
{
  protected:
    PassthroughTest() { add(workshop_ / "data.h5", 0, Workshop::rows); }

    void add(std::string const& file, std::uint64_t first, std::uint64_t rows) const
    {
        auto const bytes = std::span{labels_.bytes}.subspan(first * 8, rows * 8);
        write_dataset(file, "/labels", label, rows, bytes);
        auto const begin = ids_.begin() + static_cast<std::ptrdiff_t>(first);
        write_strings(file, "/meta", {begin, begin + static_cast<std::ptrdiff_t>(rows)});
    }

    std::string config(std::string const& names, std::string const& files = "data.h5") const
    {
        return workshop_.config({{"data.h5", files}, {"file: out.h5", "file: out.h5\n  passthrough: " + names}});
    }

    void expect_all(Ended const& ended) const
    {
        ASSERT_EQ(ended.exit_code, 0) << ended.err;
        EXPECT_EQ(read_dataset(workshop_ / "out.h5", "/labels"), labels_.bytes);
        EXPECT_EQ(values_of(workshop_ / "out.h5", "/meta"), ids_);
        auto const expected = workshop_.expected();
        EXPECT_EQ(read_dataset(workshop_ / "out.h5", "/y"), expected[0].bytes);
        EXPECT_EQ(read_dataset(workshop_ / "out.h5", "/z"), expected[1].bytes);
    }

    Workshop workshop_;
    Rows labels_ = random_rows(label, Workshop::rows);
    std::vector<std::string> ids_ = [] {
        std::vector<std::string> ids;
        for (std::uint64_t row = 0; row < Workshop::rows; ++row)
            ids.push_back(std::string(row % 30, 'x') + std::to_string(row));
        return ids;
    }();
};

} // namespace

TEST_F(PassthroughTest, LabelsAndIdsLieBesideTheOutputs)
{
    for (auto const* write : {"gather", "direct"})
        expect_all(run_program(
            {config("[/labels, meta]"), "--set", std::string{"output.write="} + write, "--if-exists", "overwrite"},
            {.ranks = 2}));
}

TEST_F(PassthroughTest, SeveralFilesAreJoined)
{
    auto const row = row_bytes(workshop_.input().spec);
    for (auto const& [name, first, rows] : {std::tuple{"part0.h5", 0U, 33U}, std::tuple{"part1.h5", 33U, 67U}}) {
        auto const bytes = std::span{workshop_.input().bytes}.subspan(first * row, rows * row);
        write_dataset(workshop_ / name, "/x", workshop_.input().spec, rows, bytes);
        add(workshop_ / name, first, rows);
    }
    expect_all(run_program({config("[/labels, /meta]", "part*.h5")}, {.ranks = 2}));
}

TEST_F(PassthroughTest, WhatCannotBeCopiedIsFoundBeforeARowMoves)
{
    write_dataset(workshop_ / "data.h5", "/short", label, 99, {});
    for (auto const& [names, exit_code, message] :
         {std::tuple{"[/short]", 3, "it has 99 rows, and the model's inputs have 100"},
          std::tuple{"[/label]", 3, "did you mean '/labels'"}, std::tuple{"[/x, x]", 2, "twice"}}) {
        auto const ended = run_program({config(names)}, {.ranks = 2});
        EXPECT_EQ(ended.exit_code, exit_code);
        EXPECT_EQ(ended.error_lines().size(), 1U);
        EXPECT_NE(ended.err.find(message), std::string::npos) << ended.err;
        EXPECT_FALSE(workshop_.exists("out.h5") || workshop_.exists("out.h5.part"));
    }
}

TEST_F(PassthroughTest, AnOutputOfTheSameNameIsRefused)
{
    write_dataset(workshop_ / "data.h5", "/y", label, 100, {});
    auto const ended = run_program({config("[/y]")}, {.ranks = 2});
    EXPECT_EQ(ended.exit_code, 7);
    EXPECT_NE(ended.err.find("/y is an output of the model"), std::string::npos) << ended.err;
    EXPECT_FALSE(workshop_.exists("out.h5") || workshop_.exists("out.h5.part"));
}

} // namespace distinfer::test
