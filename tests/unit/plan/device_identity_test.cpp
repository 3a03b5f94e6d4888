#include "distinfer/core/error.hpp"
#include "distinfer/plan/binding.hpp"
#include "places.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace distinfer::plan
{

namespace
{

using Ranks = std::vector<RankPlace>;

/// Four ranks of a node, with any distances to those of five GPUs that they see, which is one at least.
Ranks drawn(std::mt19937& random)
{
    auto const draw = [&](int most) { return std::uniform_int_distribution{0, most}(random); };
    Ranks ranks(4, rank(0, 0, first(5)));
    for (auto& place : ranks) {
        for (auto& device : place.devices) device.distance = 10 + draw(3);
        std::erase_if(place.devices, [&](auto const& device) { return device.number > 0 && draw(2) == 0; });
    }
    return ranks;
}

/// The smallest sum of distances from this rank on, by trying all; nothing where there are not enough GPUs.
std::optional<int> least_sum(Ranks const& ranks, std::size_t at, std::set<std::string> const& taken)
{
    if (at == ranks.size()) return 0;
    std::optional<int> least;
    for (auto const& device : ranks[at].devices) {
        auto now_taken = taken;
        if (!now_taken.insert(device.uuid).second) continue;
        auto const rest = least_sum(ranks, at + 1, now_taken);
        if (rest && (!least || device.distance + *rest < *least)) least = device.distance + *rest;
    }
    return least;
}

/// The sum of distances that was found, of GPUs of which nobody has another's.
std::optional<int> found_sum(Ranks const& ranks)
{
    std::set<std::string> taken;
    int sum = 0;
    try {
        for (auto const& device : assign_devices(ranks, any).devices) {
            EXPECT_TRUE(taken.insert(device->uuid).second);
            sum += device->distance;
        }
    } catch (DeviceError const&) {
        return std::nullopt;
    }
    return sum;
}

} // namespace

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

TEST(AssignDevicesPropertyTest, NoAssignmentIsNearer)
{
    std::mt19937 random{3};
    int complete = 0;
    for (int round = 0; round < 300; ++round) {
        auto const ranks = drawn(random);
        auto const least = least_sum(ranks, 0, {});
        EXPECT_EQ(found_sum(ranks), least);
        complete += least ? 1 : 0;
    }
    EXPECT_GT(complete, 100);
}

} // namespace distinfer::plan
