#include "distinfer/core/error.hpp"
#include "distinfer/plan/binding.hpp"
#include "places.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <climits>
#include <random>
#include <set>

namespace distinfer::plan
{

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
