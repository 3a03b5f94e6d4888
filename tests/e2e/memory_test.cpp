#include "e2e/program.hpp"
#include "e2e/workshop.hpp"
#include "support/hdf5_file.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace distinfer::test
{

namespace
{

/// What each rank needed at most, for that many rows of 1 KiB which come back as they are; 64 rows or more a window.
std::vector<double> peak_bytes(std::uint64_t rows, std::string const& read, StoredAs const& stored)
{
    Workshop const workshop;
    save_script(workshop / "model.pt", "def forward(self, x):\n    return x, x[:, 0]\n");
    write_dataset(workshop / "many.h5", "/x", {DType::float32, {256}}, rows, {}, stored);
    write_rows(workshop / "many.h5", "/x", 0, std::vector<std::byte>(rows * 1024, std::byte{1}));
    auto const config =
        workshop.config({{"data.h5", "many.h5\n  read: " + read}, {"batch: 8", "batch: 64\n  window: 256KiB"}});
    auto const ended = run_program({config}, {.ranks = 2});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    std::vector<double> peaks;
    auto const report = nlohmann::json::parse(workshop.read("report.json"));
    for (auto const& rank : report.at("ranks")) peaks.push_back(rank.at("peak_memory_bytes").get<double>());
    return peaks;
}

void expect_no_growth(std::string const& read, StoredAs const& stored)
{
    auto const few = peak_bytes(16'000, read, stored);
    auto const many = peak_bytes(160'000, read, stored);
    ASSERT_EQ(few.size(), 2U);
    ASSERT_EQ(many.size(), 2U);
    for (std::size_t rank = 0; rank < few.size(); ++rank) {
        EXPECT_GT(few[rank], 1e6);
        EXPECT_LT(many[rank], few[rank] * 1.05) << "rank " << rank;
    }
}

} // namespace

/// A tenth of the rows is 16 MB, all of them 164 MB; both ranks hold some 300 MB, LibTorch itself most of it.
TEST(MemoryTest, TenTimesTheRowsTakeTheSameMemory)
{
    expect_no_growth("scatter", {});
}

TEST(MemoryTest, InDirectModeToo)
{
    expect_no_growth("direct", {});
}

TEST(MemoryTest, AndFromChunks)
{
    expect_no_growth("scatter", {.chunk = {64, 256}, .deflate = 1, .shuffle = true});
}

} // namespace distinfer::test
