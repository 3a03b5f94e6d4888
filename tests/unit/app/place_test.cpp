#include "distinfer/app/place.hpp"
#include "distinfer/comm/serial.hpp"
#include "distinfer/device/host.hpp"

#include <gtest/gtest.h>

namespace distinfer::app
{

namespace
{

plan::VisibleDevice h100(int number)
{
    return {.kind = "cuda",
            .number = number,
            .uuid = "GPU-1",
            .bus = "0000:3b:00.0",
            .model = "H100",
            .memory_bytes = 80ULL << 30,
            .numa = 1,
            .distance = 32};
}

} // namespace

TEST(PlaceTest, RoundTrips)
{
    plan::RankPlace const place{.node = 4,
                                .host = "node1",
                                .cores = {0, 5},
                                .numa = {0, 1},
                                .whole_cores = 2,
                                .cores_to_be_had = 16,
                                .devices = {h100(0), {.kind = "cuda", .number = 1}}};
    EXPECT_EQ(decode_rank_place(encode(place)), place);
    EXPECT_EQ(decode_rank_place(encode(plan::RankPlace{})), plan::RankPlace{});
}

TEST(PlaceTest, TellsWhereThisProcessRuns)
{
    comm::SerialCommunicator alone;
    auto const places = gather_places(alone, config::DeviceChoice::cpu);
    ASSERT_EQ(places.size(), 1U);
    EXPECT_EQ(places[0].host, device::host_name());
    EXPECT_EQ(places[0].cores, device::usable_cores());
    EXPECT_GE(places[0].whole_cores, 1);
    EXPECT_GE(places[0].cores_to_be_had, places[0].whole_cores);
    EXPECT_TRUE(places[0].devices.empty()) << "GPUs are not looked for where the CPU is asked for";
}

TEST(PlaceTest, TheReportHasTheMap)
{
    std::vector<plan::RankPlace> const places{{.host = "a", .cores = {3}, .numa = {1}, .devices = {h100(2)}},
                                              {.node = 1, .host = "b", .cores = {0}}};
    auto const ranks = rank_reports(places, {.devices = {h100(2), std::nullopt}});
    ASSERT_EQ(ranks.size(), 2U);
    EXPECT_EQ(ranks[0].device, "cuda:2");
    EXPECT_EQ(ranks[0].numa, std::vector<int>{1});
    ASSERT_TRUE(ranks[0].gpu);
    EXPECT_EQ(ranks[0].gpu->uuid, "GPU-1");
    EXPECT_EQ(ranks[0].gpu->bus, "0000:3b:00.0");
    EXPECT_EQ(ranks[0].gpu->memory_bytes, 80ULL << 30);
    EXPECT_EQ(ranks[0].gpu->numa, 1);
    EXPECT_EQ(ranks[1].rank, 1);
    EXPECT_EQ(ranks[1].node, 1);
    EXPECT_EQ(ranks[1].device, "cpu");
    EXPECT_FALSE(ranks[1].gpu);
}

TEST(PlaceTest, OptionsAreThoseOfTheConfig)
{
    config::RunConfig run;
    EXPECT_EQ(binding_options(run).wish, plan::DeviceWish::any);
    EXPECT_FALSE(binding_options(run).share);
    run.device = config::DeviceChoice::cuda;
    run.share_device = true;
    EXPECT_EQ(binding_options(run).wish, plan::DeviceWish::gpu);
    EXPECT_TRUE(binding_options(run).share);
    run.device = config::DeviceChoice::cpu;
    EXPECT_EQ(binding_options(run).wish, plan::DeviceWish::cpu);
}

} // namespace distinfer::app
