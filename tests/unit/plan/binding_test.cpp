#include "distinfer/core/error.hpp"
#include "distinfer/plan/binding.hpp"
#include "support/expect_error.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <climits>
#include <numeric>
#include <random>
#include <set>

namespace distinfer::plan
{

namespace
{

constexpr int unbound = -1; ///< a rank whose cores are on every NUMA node
constexpr int cpu = -1;     ///< in place of a GPU

/// GPU g of a node, of which the first four are attached to NUMA node 0, and the others to 1.
VisibleDevice gpu(int g, int number, int numa)
{
    auto const name = std::to_string(g);
    int const own = g / 4;
    return {.kind = "cuda",
            .number = number,
            .uuid = "GPU-" + name,
            .bus = "0000:" + name + "0:00.0",
            .numa = own,
            .distance = numa == unbound || numa == own ? 10 : 32};
}

/// A rank on a node, with its cores on one NUMA node, that sees those GPUs and numbers them as they stand.
RankPlace rank(int node, int numa, std::vector<int> const& gpus)
{
    RankPlace place{.node = node, .host = "node" + std::to_string(node)};
    for (std::size_t i = 0; i < gpus.size(); ++i)
        place.devices.push_back(gpu(gpus[i], static_cast<int>(i), numa));
    return place;
}

std::vector<int> first(int count)
{
    std::vector<int> gpus(static_cast<std::size_t>(count));
    std::iota(gpus.begin(), gpus.end(), 0);
    return gpus;
}

std::vector<RankPlace> same(int count, RankPlace const& place)
{
    return std::vector<RankPlace>(static_cast<std::size_t>(count), place);
}

std::vector<RankPlace> operator+(std::vector<RankPlace> a, std::vector<RankPlace> const& b)
{
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

/// A part of GPU g.
VisibleDevice part(int g, std::string const& id, int number = 0)
{
    auto device = gpu(g, number, unbound);
    device.uuid = "MIG-" + id;
    return device;
}

RankPlace with(RankPlace place, std::vector<VisibleDevice> devices)
{
    place.devices = std::move(devices);
    return place;
}

/// The same, as a library tells it that knows no UUIDs, or neither those nor buses.
RankPlace without_uuids(RankPlace place)
{
    for (auto& device : place.devices) device.uuid.clear();
    return place;
}

RankPlace nameless(RankPlace place)
{
    for (auto& device : place.devices) device.uuid = device.bus = "";
    return place;
}

std::vector<int> numbers(Binding const& binding)
{
    std::vector<int> given;
    for (auto const& device : binding.devices) given.push_back(device ? device->number : cpu);
    return given;
}

/// The GPU that a rank got, from its UUID; cpu.
std::vector<int> gpus(Binding const& binding)
{
    std::vector<int> given;
    for (auto const& device : binding.devices) given.push_back(device ? std::stoi(device->uuid.substr(4)) : cpu);
    return given;
}

struct Case
{
    std::string name;
    std::vector<RankPlace> ranks;
    BindingOptions options;
    std::vector<int> expected; ///< GPU by rank
    bool owned = true;
};

constexpr BindingOptions any{};
constexpr BindingOptions asked{.wish = DeviceWish::gpu};
constexpr BindingOptions on_cpu{.wish = DeviceWish::cpu};
constexpr BindingOptions shared{.share = true};

std::vector<Case> cases()
{
    auto const all8 = first(8);
    std::vector<Case> made{
        {"NoGpuAnywhere", same(3, rank(0, 0, {})), any, {cpu, cpu, cpu}, false},
        {"NoGpuAnywhereOnTwoNodes", {rank(0, 0, {}), rank(1, 0, {})}, any, {cpu, cpu}, false},
        {"NoGpuAndShared", same(2, rank(0, 0, {})), shared, {cpu, cpu}, false},
        {"CpuAskedForWithGpus", same(2, rank(0, 0, {0, 1})), on_cpu, {cpu, cpu}, false},
        {"CpuAskedForOnMixedNodes", {rank(0, 0, {0}), rank(1, 0, {})}, on_cpu, {cpu, cpu}, false},
        {"CpuAskedForWithFewerGpus", same(3, rank(0, 0, {0})), on_cpu, {cpu, cpu, cpu}, false},
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
        {"AChainOfRanksThatGiveWay", {rank(0, 0, {0, 1}), rank(0, 0, {1, 2}), rank(0, 0, {2, 3}), rank(0, 0, {0})},
         any, {1, 2, 3, 0}},
        {"OneDeviceEachAsSlurmGives", {rank(0, 0, {0}), rank(0, 0, {1}), rank(0, 1, {4}), rank(0, 1, {5})}, any,
         {0, 1, 4, 5}},
        {"OneDeviceEachFarFromTheCores", {rank(0, 0, {4}), rank(0, 1, {0})}, any, {4, 0}},
        {"TwoDevicesEachApart", {rank(0, 0, {0, 1}), rank(0, 0, {2, 3})}, any, {0, 2}},
        {"MasksThatOverlap", {rank(0, 0, {0, 1}), rank(0, 0, {1, 2}), rank(0, 0, {2, 0})}, any, {0, 1, 2}},
        {"MasksThatNumberBackwards", {rank(0, 0, {1, 0}), rank(0, 0, {0, 1})}, any, {0, 1}},
        {"OneMaskInsideAnother", {rank(0, 0, {0, 1, 2}), rank(0, 0, {1})}, any, {0, 1}},
        {"TheSameMaskForAll", same(3, rank(0, 0, {1, 3, 5})), any, {1, 3, 5}},
        {"TwoNodes", same(2, rank(0, 0, {0, 1})) + same(2, rank(2, 0, {0, 1})), any, {0, 1, 0, 1}},
        {"TwoNodesInTurn", {rank(0, 0, {0, 1}), rank(1, 0, {0, 1}), rank(0, 0, {0, 1}), rank(1, 0, {0, 1})}, any,
         {0, 0, 1, 1}},
        {"NodesOfDifferentSizes", same(1, rank(0, 0, {0})) + same(3, rank(1, 0, {0, 1, 2, 3})), any, {0, 0, 1, 2}},
        {"NodesOfOneName", {rank(0, 0, {0}), with(rank(1, 0, {0}), {gpu(0, 0, 0)})}, any, {0, 0}},
        {"SharedThoughThereAreEnough", same(2, rank(0, 0, {0, 1})), shared, {0, 1}},
        {"TwoShareOne", same(2, rank(0, 0, {0})), shared, {0, 0}, false},
        {"FourShareTwo", same(4, rank(0, unbound, {0, 1})), shared, {0, 1, 0, 1}, false},
        {"FiveShareTwoEvenly", same(5, rank(0, unbound, {0, 1})), shared, {0, 1, 0, 1, 0}, false},
        {"RanksShareTheNearest", same(2, rank(0, 0, {0, 4})) + same(2, rank(0, 1, {0, 4})), shared, {0, 0, 4, 4}, false},
        {"TheyShareEvenlyEvenIfFar", same(4, rank(0, 0, {0, 4})), shared, {0, 4, 0, 4}, false},
        {"SlurmGaveTwoRanksOneAndTheyShareIt", {rank(0, 0, {2}), rank(0, 0, {2})}, shared, {2, 2}, false},
        {"OnlyOneNodeIsShared", same(2, rank(0, 0, {0})) + same(2, rank(2, 0, {0, 1})), shared, {0, 0, 0, 1}, false},
        {"SharedAndAskedFor", same(2, rank(0, 0, {0})), {.wish = DeviceWish::gpu, .share = true}, {0, 0}, false},
        {"NoRanks", {}, any, {}, false},
    };
    for (int count = 1; count <= 8; ++count) {
        auto const devices = first(count);
        made.push_back({"UnboundOnNodeOf" + std::to_string(count), same(count, rank(0, unbound, devices)), any, devices});
        std::vector<RankPlace> bound;
        for (int const g : devices) bound.insert(bound.begin(), rank(0, g / 4, devices)); // the far socket's come first
        std::vector<int> expected;
        for (int g = 4; g < count; ++g) expected.push_back(g);
        for (int g = 0; g < std::min(count, 4); ++g) expected.push_back(g);
        made.push_back({"BoundOnNodeOf" + std::to_string(count), bound, any, expected});
    }
    return made;
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
        {"FewerGpusThanRanks", same(3, rank(0, 0, {0, 1})), any, {"fewer GPUs on node0", "3 ranks see 2", "share_device"}},
        {"FewerGpusThanRanksAskedFor", same(3, rank(0, 0, {0, 1})), asked, {"fewer GPUs on node0"}},
        {"FewerGpusOnTheSecondNode", same(1, rank(0, 0, {0})) + same(2, rank(1, 0, {0})), any, {"on node1", "ppr:1:node"}},
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

TEST(AssignPartsTest, PartsOfOneGpuAreDevicesOfTheirOwn)
{
    std::vector<RankPlace> const ranks{with(rank(0, 0, {}), {part(0, "a")}), with(rank(0, 0, {}), {part(0, "b")}),
                                       with(rank(0, 0, {}), {part(1, "c")})};
    auto const binding = assign_devices(ranks, any);
    EXPECT_EQ(binding.devices[0]->uuid, "MIG-a");
    EXPECT_EQ(binding.devices[1]->uuid, "MIG-b");
    EXPECT_EQ(binding.devices[2]->uuid, "MIG-c");
    EXPECT_TRUE(binding.every_rank_owns_a_gpu);
}

TEST(AssignPartsTest, PartsAndWholeGpusOfANodeMix)
{
    std::vector<RankPlace> const ranks{with(rank(0, 0, {}), {part(0, "a"), gpu(1, 1, 0)}),
                                       with(rank(0, 0, {}), {part(0, "a"), gpu(1, 1, 0)})};
    EXPECT_EQ(numbers(assign_devices(ranks, any)), (std::vector<int>{0, 1}));
}

TEST(AssignByBusTest, WithoutUuidsTheBusTellsDevicesApart)
{
    std::vector<RankPlace> const ranks{without_uuids(rank(0, 0, {1, 0})), without_uuids(rank(0, 0, {0, 1}))};
    EXPECT_EQ(numbers(assign_devices(ranks, any)), (std::vector<int>{1, 1})) << "buses 0 and 1";
    EXPECT_TRUE(assign_devices(ranks, any).told_apart);
}

TEST(AssignByBusTest, HoldsForAllRanksOfANodeWhereOneKnowsNoUuids)
{
    std::vector<RankPlace> const ranks{rank(0, 0, {2}), without_uuids(rank(0, 0, {2}))};
    EXPECT_THROW(assign_devices(ranks, any), DeviceError);
}

TEST(AssignByNumberTest, WhereNothingElseIsKnownNumbersAreDevices)
{
    auto const binding = assign_devices(same(2, nameless(rank(0, 0, {0, 1}))), any);
    EXPECT_EQ(numbers(binding), (std::vector<int>{0, 1}));
    EXPECT_TRUE(binding.every_rank_owns_a_gpu);
    EXPECT_TRUE(binding.told_apart);
}

TEST(AssignByNumberTest, NumbersAreNotSortedAsText)
{
    auto const binding = assign_devices(same(11, nameless(rank(0, unbound, first(11)))), any);
    EXPECT_EQ(numbers(binding), first(11));
}

TEST(AssignByNumberTest, TheOnlyDeviceOfARankIsBelievedToBeItsOwn)
{
    auto const binding = assign_devices(same(2, nameless(rank(0, 0, {3}))), any);
    EXPECT_EQ(numbers(binding), (std::vector<int>{0, 0}));
    EXPECT_FALSE(binding.told_apart);
    EXPECT_TRUE(assign_devices({nameless(rank(0, 0, {3}))}, any).told_apart) << "nobody to mistake it for";
}

/// Of any masks and distances: nobody gets a device twice, and no other assignment is nearer.
TEST(AssignDevicesPropertyTest, NoAssignmentIsNearer)
{
    std::mt19937 random{3};
    auto const draw = [&](int most) { return std::uniform_int_distribution{0, most}(random); };
    int complete = 0;
    for (int round = 0; round < 300; ++round) {
        std::vector<RankPlace> ranks;
        for (int i = 0; i < 4; ++i) {
            auto& place = ranks.emplace_back(rank(0, 0, {0, 1, 2, 3, 4}));
            for (auto& device : place.devices) device.distance = 10 + draw(3);
            std::erase_if(place.devices, [&](auto const&) { return draw(2) == 0; });
            if (place.devices.empty()) place.devices.push_back(gpu(0, 0, 0));
        }
        int best = INT_MAX;
        for (auto const& a : ranks[0].devices)
            for (auto const& b : ranks[1].devices)
                for (auto const& c : ranks[2].devices)
                    for (auto const& d : ranks[3].devices)
                        if (std::set{a.uuid, b.uuid, c.uuid, d.uuid}.size() == 4)
                            best = std::min(best, a.distance + b.distance + c.distance + d.distance);
        if (best == INT_MAX) {
            EXPECT_THROW(assign_devices(ranks, any), DeviceError);
            continue;
        }
        ++complete;
        int sum = 0;
        std::set<std::string> used;
        for (auto const& device : assign_devices(ranks, any).devices) {
            sum += device->distance;
            used.insert(device->uuid);
        }
        EXPECT_EQ(sum, best);
        EXPECT_EQ(used.size(), 4U);
    }
    EXPECT_GT(complete, 100);
}

} // namespace distinfer::plan
