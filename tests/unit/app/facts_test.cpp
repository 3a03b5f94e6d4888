#include "distinfer/app/facts.hpp"

#include <gtest/gtest.h>

namespace distinfer::app
{

TEST(FactsTest, FileFactsRoundTrip)
{
    io::StoredForm const form{.spec = {DType::bfloat16, {3, 1LL << 33}},
                              .rows = 1ULL << 40,
                              .swapped = true,
                              .chunk = {64, 3, 7},
                              .filters = {{io::Filter::Kind::shuffle, 2}, {io::Filter::Kind::deflate}},
                              .fill = {std::byte{0x80}, std::byte{1}}};
    std::vector<io::FileFacts> const files{
        {.rows = 1ULL << 40, .forms = {form, {.spec = {DType::boolean, {}}}}, .names = {"/x in a.h5", "/y in a.h5"}},
        {}};
    EXPECT_EQ(decode_file_facts(encode(files)), files);
    EXPECT_TRUE(decode_file_facts(encode(std::vector<io::FileFacts>{})).empty());
}

TEST(FactsTest, PlacedDatasetsRoundTrip)
{
    std::vector<io::PlacedDataset> const placed{{{"/a/b", {DType::float32, {2}}}, 8, 1ULL << 41}, {}};
    auto const copy = decode_placed_datasets(encode(placed));
    ASSERT_EQ(copy.size(), 2U);
    EXPECT_EQ(copy[0].dataset, placed[0].dataset);
    EXPECT_EQ(copy[0].row_bytes, 8U);
    EXPECT_EQ(copy[0].offset, 1ULL << 41);
}

TEST(FactsTest, OutputFactsRoundTrip)
{
    OutputFacts const facts{.rows = 1ULL << 40, .threads = 3, .batch = 1ULL << 33, .datasets = {}};
    EXPECT_EQ(decode_output_facts(encode(facts)), facts);
    EXPECT_EQ(decode_output_facts(R"({"rows":7,"threads":2,"datasets":"[]"})").batch, 0U);
}

} // namespace distinfer::app
