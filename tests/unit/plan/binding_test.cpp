#include "distinfer/core/error.hpp"
#include "distinfer/plan/binding.hpp"
#include "places.hpp"
#include "support/expect_error.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <tuple>

namespace distinfer::plan
{

namespace
{

struct Case
{
    std::string name;
    std::vector<RankPlace> ranks;
    BindingOptions options;
    std::vector<int> expected; ///< GPU by rank
    bool owned = true;
};

/// No GPUs, or none asked for.
std::vector<Case> on_the_cpu()
{
    return {
        {"NoGpuAnywhere", same(3, rank(0, 0, {})), any, {cpu, cpu, cpu}, false},
        {"NoGpuAnywhereOnTwoNodes", {rank(0, 0, {}), rank(1, 0, {})}, any, {cpu, cpu}, false},
        {"NoGpuAndShared", same(2, rank(0, 0, {})), shared, {cpu, cpu}, false},
        {"CpuAskedForWithGpus", same(2, rank(0, 0, {0, 1})), on_cpu, {cpu, cpu}, false},
        {"CpuAskedForOnMixedNodes", {rank(0, 0, {0}), rank(1, 0, {})}, on_cpu, {cpu, cpu}, false},
        {"CpuAskedForWithFewerGpus", same(3, rank(0, 0, {0})), on_cpu, {cpu, cpu, cpu}, false},
        {"NoRanks", {}, any, {}, false},
    };
}

/// Ranks that see all GPUs of their node, or more than one.
std::vector<Case> on_one_node()
{
    auto const all8 = first(8);
    return {
        {"GpuAskedForAndThere", {rank(0, 0, {0})}, asked, {0}},
        {"OneRankTakesTheNearest", {rank(0, 1, all8)}, any, {4}},
        {"OneUnboundRankTakesTheFirst", {rank(0, unbound, all8)}, any, {0}},
        {"FewerRanksThanGpus", same(2, rank(0, unbound, all8)), any, {0, 1}},
        {"FewerBoundRanksThanGpus", {rank(0, 0, all8), rank(0, 1, all8)}, any, {0, 4}},
        {"RanksInTheOtherOrder", {rank(0, 1, all8), rank(0, 0, all8)}, any, {4, 0}},
        {"RanksTakeTurnsBetweenSockets",
         {rank(0, 1, all8), rank(0, 0, all8), rank(0, 1, all8), rank(0, 0, all8)},
         any,
         {4, 0, 5, 1}},
        {"MoreRanksOnASocketThanItsGpus", same(3, rank(0, 0, {3, 4, 5})), any, {3, 4, 5}},
        {"ASocketsOwnRankIsNotDisplaced", same(2, rank(0, 0, {3, 4})) + same(1, rank(0, 1, {3, 4, 5})), any, {3, 4, 5}},
        {"ANearRankGivesWayToOneThatSeesNothingElse", {rank(0, 0, {0, 4}), rank(0, 1, {0})}, any, {4, 0}},
        {"AChainOfRanksThatGiveWay",
         {rank(0, 0, {0, 1}), rank(0, 0, {1, 2}), rank(0, 0, {2, 3}), rank(0, 0, {0})},
         any,
         {1, 2, 3, 0}},
    };
}

/// Ranks that the launcher shows some of the GPUs.
std::vector<Case> behind_masks()
{
    return {
        {"OneDeviceEachAsSlurmGives",
         {rank(0, 0, {0}), rank(0, 0, {1}), rank(0, 1, {4}), rank(0, 1, {5})},
         any,
         {0, 1, 4, 5}},
        {"OneDeviceEachFarFromTheCores", {rank(0, 0, {4}), rank(0, 1, {0})}, any, {4, 0}},
        {"TwoDevicesEachApart", {rank(0, 0, {0, 1}), rank(0, 0, {2, 3})}, any, {0, 2}},
        {"MasksThatOverlap", {rank(0, 0, {0, 1}), rank(0, 0, {1, 2}), rank(0, 0, {2, 0})}, any, {0, 1, 2}},
        {"MasksThatNumberBackwards", {rank(0, 0, {1, 0}), rank(0, 0, {0, 1})}, any, {0, 1}},
        {"OneMaskInsideAnother", {rank(0, 0, {0, 1, 2}), rank(0, 0, {1})}, any, {0, 1}},
        {"TheSameMaskForAll", same(3, rank(0, 0, {1, 3, 5})), any, {1, 3, 5}},
    };
}

/// Nodes that are alike, and nodes that are not.
std::vector<Case> on_several_nodes()
{
    return {
        {"TwoNodes", same(2, rank(0, 0, {0, 1})) + same(2, rank(2, 0, {0, 1})), any, {0, 1, 0, 1}},
        {"TwoNodesInTurn",
         {rank(0, 0, {0, 1}), rank(1, 0, {0, 1}), rank(0, 0, {0, 1}), rank(1, 0, {0, 1})},
         any,
         {0, 0, 1, 1}},
        {"NodesOfDifferentSizes", same(1, rank(0, 0, {0})) + same(3, rank(1, 0, {0, 1, 2, 3})), any, {0, 0, 1, 2}},
        {"NodesOfOneName", {rank(0, 0, {0}), with(rank(1, 0, {0}), {gpu(0, 0, 0)})}, any, {0, 0}},
    };
}

/// Ranks that may have one GPU in common.
std::vector<Case> sharing()
{
    return {
        {"SharedThoughThereAreEnough", same(2, rank(0, 0, {0, 1})), shared, {0, 1}},
        {"TwoShareOne", same(2, rank(0, 0, {0})), shared, {0, 0}, false},
        {"FourShareTwo", same(4, rank(0, unbound, {0, 1})), shared, {0, 1, 0, 1}, false},
        {"FiveShareTwoEvenly", same(5, rank(0, unbound, {0, 1})), shared, {0, 1, 0, 1, 0}, false},
        {"RanksShareTheNearest",
         same(2, rank(0, 0, {0, 4})) + same(2, rank(0, 1, {0, 4})),
         shared,
         {0, 0, 4, 4},
         false},
        {"TheyShareEvenlyEvenIfFar", same(4, rank(0, 0, {0, 4})), shared, {0, 4, 0, 4}, false},
        {"SlurmGaveTwoRanksOneAndTheyShareIt", {rank(0, 0, {2}), rank(0, 0, {2})}, shared, {2, 2}, false},
        {"OnlyOneNodeIsShared", same(2, rank(0, 0, {0})) + same(2, rank(2, 0, {0, 1})), shared, {0, 0, 0, 1}, false},
        {"SharedAndAskedFor", same(2, rank(0, 0, {0})), {.wish = DeviceWish::gpu, .share = true}, {0, 0}, false},
    };
}

/// As many ranks as GPUs, from 1 to 8 of them.
std::vector<Case> on_full_nodes()
{
    std::vector<Case> made;
    for (int count = 1; count <= 8; ++count) {
        auto const devices = first(count);
        made.push_back(
            {"UnboundOnNodeOf" + std::to_string(count), same(count, rank(0, unbound, devices)), any, devices});
        std::vector<RankPlace> bound;
        for (int const g : devices) bound.insert(bound.begin(), rank(0, g / 4, devices)); // the far socket's come first
        std::vector<int> expected;
        for (int g = 4; g < count; ++g) expected.push_back(g);
        for (int g = 0; g < std::min(count, 4); ++g) expected.push_back(g);
        made.push_back({"BoundOnNodeOf" + std::to_string(count), bound, any, expected});
    }
    return made;
}

std::vector<Case> cases()
{
    std::vector<Case> all;
    for (auto const& some :
         {on_the_cpu(), on_one_node(), behind_masks(), on_several_nodes(), sharing(), on_full_nodes()})
        all.insert(all.end(), some.begin(), some.end());
    return all;
}

struct Refused
{
    std::string name;
    std::vector<RankPlace> ranks;
    BindingOptions options;
    std::vector<std::string> said;
};

std::vector<Refused> refused()
{
    return {
        {"GpusAskedForAndNoneThere", same(2, rank(0, 0, {})), asked, {"no GPU is visible", "run.device: cpu"}},
        {"FewerGpusThanRanks",
         same(3, rank(0, 0, {0, 1})),
         any,
         {"fewer GPUs on node0", "3 ranks see 2", "share_device"}},
        {"FewerGpusThanRanksAskedFor", same(3, rank(0, 0, {0, 1})), asked, {"fewer GPUs on node0"}},
        {"FewerGpusOnTheSecondNode",
         same(1, rank(0, 0, {0})) + same(2, rank(1, 0, {0})),
         any,
         {"on node1", "ppr:1:node"}},
        {"OneDeviceOfTwoRanksUnderOneNumber", {rank(0, 0, {2}), rank(0, 0, {2})}, any, {"2 ranks see 1"}},
        {"OneDeviceOfTwoRanksUnderTwoNumbers",
         {rank(0, 0, {2}), with(rank(0, 0, {}), {gpu(2, 5, 0)})},
         any,
         {"2 ranks see 1"}},
        {"OneBusOfTwoRanksWithoutUuids",
         {without_uuids(rank(0, 0, {2})), without_uuids(with(rank(0, 0, {}), {gpu(2, 5, 0)}))},
         any,
         {"2 ranks see 1"}},
        {"EnoughGpusButNotForThoseWhoSeeThem",
         {rank(0, 0, {0, 1, 2}), rank(0, 0, {0}), rank(0, 0, {0})},
         any,
         {"let each see all of them"}},
        {"ANodeWithoutGpus", {rank(0, 0, {0}), rank(1, 0, {})}, any, {"rank 1 on node1 sees no GPU", "1 of 2 ranks"}},
        {"ANodeWithoutGpusAskedFor", {rank(0, 0, {}), rank(1, 0, {0})}, asked, {"rank 0 on node0 sees no GPU"}},
        {"ANodeWithoutGpusShared", {rank(0, 0, {0}), rank(1, 0, {})}, shared, {"sees no GPU"}},
        {"ARankOfANodeWithoutOne", {rank(0, 0, {0, 1}), rank(0, 0, {})}, any, {"rank 1 on node0 sees no GPU"}},
        {"TheSamePartTwice", same(2, with(rank(0, 0, {}), {part(0, "a")})), any, {"2 ranks see 1"}},
        {"OneNumberWhereNothingElseIsKnown", same(3, nameless(rank(0, 0, {0, 1}))), any, {"3 ranks see 2"}},
    };
}

template <class T>
std::string name_of(testing::TestParamInfo<T> const& info)
{
    return info.param.name;
}

class AssignDevicesTest : public testing::TestWithParam<Case>
{};

class RefusedDevicesTest : public testing::TestWithParam<Refused>
{};

} // namespace

TEST_P(AssignDevicesTest, GivesEachRankItsDevice)
{
    auto const binding = assign_devices(GetParam().ranks, GetParam().options);
    EXPECT_EQ(gpus(binding), GetParam().expected);
    EXPECT_EQ(binding.every_rank_owns_a_gpu, GetParam().owned);
    EXPECT_TRUE(binding.told_apart);
    EXPECT_EQ(assign_devices(GetParam().ranks, GetParam().options), binding) << "it is the same each time";
}

TEST_P(AssignDevicesTest, ARankGetsADeviceThatItSeesUnderItsOwnNumber)
{
    auto const& ranks = GetParam().ranks;
    auto const binding = assign_devices(ranks, GetParam().options);
    for (std::size_t i = 0; i < ranks.size(); ++i)
        EXPECT_TRUE(!binding.devices[i] ||
                    std::ranges::find(ranks[i].devices, *binding.devices[i]) != ranks[i].devices.end());
}

/// Other numbers of ranks change who of equals gets which, and nothing else.
TEST_P(AssignDevicesTest, DoesNotDependOnTheOrderOfRanks)
{
    auto const& ranks = GetParam().ranks;
    auto const told = [](std::vector<RankPlace> const& places, Binding const& binding) {
        int distance = 0;
        std::multiset<std::pair<int, std::string>> used;
        for (std::size_t i = 0; i < places.size(); ++i) {
            distance += binding.devices[i] ? binding.devices[i]->distance : 0;
            used.emplace(places[i].node, binding.devices[i] ? binding.devices[i]->uuid : "cpu");
        }
        return std::tuple{distance, used, binding.every_rank_owns_a_gpu};
    };
    auto const usual = told(ranks, assign_devices(ranks, GetParam().options));
    std::mt19937 random{1};
    for (int round = 0; round < 20; ++round) {
        auto shuffled = ranks;
        std::ranges::shuffle(shuffled, random);
        auto const now = told(shuffled, assign_devices(shuffled, GetParam().options));
        EXPECT_EQ(std::get<0>(now), std::get<0>(usual));
        EXPECT_EQ(std::get<2>(now), std::get<2>(usual));
        EXPECT_EQ(std::get<1>(now), std::get<1>(usual));
    }
}

INSTANTIATE_TEST_SUITE_P(Cases, AssignDevicesTest, testing::ValuesIn(cases()), name_of<Case>);

TEST_P(RefusedDevicesTest, SaysWhereAndWhatToDo)
{
    for (auto const& word : GetParam().said)
        test::expect_error<DeviceError>([] { assign_devices(GetParam().ranks, GetParam().options); }, {word});
}

TEST_P(RefusedDevicesTest, IsRefusedInAnyOrderOfRanks)
{
    auto ranks = GetParam().ranks;
    std::ranges::reverse(ranks);
    EXPECT_THROW(assign_devices(ranks, GetParam().options), DeviceError);
}

INSTANTIATE_TEST_SUITE_P(Cases, RefusedDevicesTest, testing::ValuesIn(refused()), name_of<Refused>);

} // namespace distinfer::plan
