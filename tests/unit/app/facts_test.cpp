#include "distinfer/app/facts.hpp"

#include <gtest/gtest.h>

namespace distinfer::app
{

TEST(FactsTest, InputFactsRoundTrip)
{
    InputFacts const facts{.rows = 1ULL << 40, .tensors = {{DType::bfloat16, {3, 1LL << 33}}, {DType::boolean, {}}}};
    EXPECT_EQ(decode_input_facts(encode(facts)), facts);
    EXPECT_EQ(decode_input_facts(encode(InputFacts{})), InputFacts{});
}

TEST(FactsTest, RankCoresRoundTrip)
{
    auto const copy = decode_rank_cores(encode(plan::RankCores{"node1", {0, 5}}));
    EXPECT_EQ(copy.host, "node1");
    EXPECT_EQ(copy.cores, (std::vector<int>{0, 5}));
}

TEST(FactsTest, RanksAreCountedOnTheirOwnNode)
{
    std::vector<plan::RankCores> const ranks{{"a", {}}, {"b", {}}, {"a", {}}, {"a", {}}, {"b", {}}};
    std::vector<int> on_node;
    for (int rank = 0; rank < 5; ++rank) on_node.push_back(rank_on_node(ranks, rank));
    EXPECT_EQ(on_node, (std::vector<int>{0, 0, 1, 2, 1}));
}

} // namespace distinfer::app
