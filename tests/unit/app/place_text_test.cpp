#include "distinfer/app/place_text.hpp"

#include <gtest/gtest.h>

#include <map>

namespace distinfer::app
{

namespace
{

using Lines = std::vector<std::string>;

plan::Binding on_cpu(std::vector<plan::RankPlace> const& places)
{
    return {.devices = std::vector<std::optional<plan::VisibleDevice>>(places.size())};
}

plan::VisibleDevice gpu(int number, std::string const& uuid)
{
    return {.kind = "cuda", .number = number, .uuid = uuid, .model = "H100", .memory_bytes = 80ULL << 30, .numa = 0};
}

comm::Lookup environment(std::map<std::string, std::string> const& variables)
{
    return [variables](char const* name) -> std::optional<std::string> {
        auto const found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional{found->second};
    };
}

auto const under_mpirun = environment({{"OMPI_COMM_WORLD_SIZE", "4"}, {"SLURM_STEP_ID", "0"}});
auto const under_srun = environment({{"SLURM_STEP_ID", "0"}});

/// A rank that is bound to those cores, of so many of its node.
plan::RankPlace bound(int node, std::vector<int> cores, int of)
{
    auto const count = static_cast<int>(cores.size());
    return {.node = node,
            .host = "node" + std::to_string(node),
            .cores = std::move(cores),
            .whole_cores = count,
            .cores_to_be_had = of};
}

} // namespace

TEST(PlaceLinesTest, RanksThatHaveTheSameShareALine)
{
    std::vector<plan::RankPlace> const places(3, {.host = "a", .cores = {0, 1, 2, 3}, .numa = {0, 1}});
    EXPECT_EQ(place_lines(places, on_cpu(places)), Lines{"ranks 0-2 on a: cores 0-3, NUMA 0-1, cpu"});
}

TEST(PlaceLinesTest, ALineTellsWhichGpuItIs)
{
    std::vector<plan::RankPlace> const places(2, {.host = "a", .cores = {0}});
    EXPECT_EQ(place_lines(places, {.devices = {gpu(0, "GPU-x"), gpu(1, "GPU-y")}}),
              (Lines{"rank 0 on a: cores 0, cuda:0 (H100, 80 GiB, NUMA 0, GPU-x)",
                     "rank 1 on a: cores 0, cuda:1 (H100, 80 GiB, NUMA 0, GPU-y)"}));
}

TEST(PlaceLinesTest, WhatIsNotKnownIsLeftOut)
{
    std::vector<plan::RankPlace> const places{{.host = "a", .cores = {0}}};
    EXPECT_EQ(place_lines(places, {.devices = {plan::VisibleDevice{.kind = "cuda"}}}),
              Lines{"rank 0 on a: cores 0, cuda:0"});
    EXPECT_EQ(place_lines(places, {.devices = {plan::VisibleDevice{.kind = "cuda", .bus = "0000:01:00.0"}}}),
              Lines{"rank 0 on a: cores 0, cuda:0 (0000:01:00.0)"});
}

TEST(PlaceLinesTest, RanksInTurnAreCountedByNode)
{
    std::vector<plan::RankPlace> const places{bound(0, {0}, 2), bound(1, {0}, 2), bound(0, {0}, 2), bound(1, {1}, 2)};
    EXPECT_EQ(
        place_lines(places, on_cpu(places)),
        (Lines{"ranks 0,2 on node0: cores 0, cpu", "rank 1 on node1: cores 0, cpu", "rank 3 on node1: cores 1, cpu"}));
}

TEST(PlaceLinesTest, OfManyNodesThatAreAlikeTheFirstIsTold)
{
    std::vector<plan::RankPlace> places;
    plan::Binding binding;
    for (int node = 0; node < 20; node += 2) {
        auto const numbers = node == 8 ? std::vector<int>{0} : std::vector<int>{0, 1};
        places.insert(places.end(), 2, bound(node, numbers, 2));
        for (int i = 0; i < 2; ++i) binding.devices.emplace_back(gpu(i, "GPU-" + std::to_string(node + i)));
    }
    EXPECT_EQ(place_lines(places, binding),
              (Lines{"rank 0 on node0, and likewise on 8 more nodes: cores 0-1, cuda:0 (H100, 80 GiB, NUMA 0)",
                     "rank 1 on node0, and likewise on 8 more nodes: cores 0-1, cuda:1 (H100, 80 GiB, NUMA 0)",
                     "rank 8 on node8: cores 0, cuda:0 (H100, 80 GiB, NUMA 0, GPU-8)",
                     "rank 9 on node8: cores 0, cuda:1 (H100, 80 GiB, NUMA 0, GPU-9)"}));
}

TEST(PlaceLinesTest, AThousandDifferentNodesAreFewLines)
{
    std::vector<plan::RankPlace> places;
    for (int node = 0; node < 1000; ++node) places.push_back(bound(node, {node}, 1000));
    auto const lines = place_lines(places, on_cpu(places));
    ASSERT_EQ(lines.size(), 9U);
    EXPECT_EQ(lines.back(), "and 992 more kinds of nodes; report.json has all ranks");
}

TEST(BoundToOneCoreTest, NamesHowManyAndTheOptionOfTheLauncher)
{
    std::vector<plan::RankPlace> const places{bound(0, {0, 1}, 16), bound(0, {2}, 16), bound(0, {3}, 16),
                                              bound(0, {4}, 16)};
    EXPECT_EQ(bound_to_one_core(places, under_mpirun),
              "3 of 4 ranks are bound to one core each (the first is rank 1 on node0, where 16 cores could be had); "
              "start the job with mpirun --map-by slot:PE=4, or --bind-to none");
    EXPECT_NE(bound_to_one_core(places, under_srun).find("srun --cpus-per-task=4"), std::string::npos);
    EXPECT_EQ(bound_to_one_core(places, environment({})), "") << "nobody launched it";
}

TEST(BoundToOneCoreTest, TheFullestNodeSaysHowManyEachCanHave)
{
    std::vector<plan::RankPlace> const places{bound(0, {0}, 16), bound(1, {0}, 16), bound(1, {1}, 16)};
    EXPECT_NE(bound_to_one_core(places, under_srun).find("3 of 3 ranks"), std::string::npos);
    EXPECT_NE(bound_to_one_core(places, under_srun).find("--cpus-per-task=8"), std::string::npos);
}

TEST(BoundToOneCoreTest, NoMoreThanOneCoreForEachIsNoTrouble)
{
    EXPECT_EQ(bound_to_one_core({bound(0, {0}, 2), bound(0, {1}, 2)}, under_mpirun), "");
    EXPECT_EQ(bound_to_one_core({bound(0, {0}, 3), bound(0, {1}, 3)}, under_mpirun), "");
    EXPECT_EQ(bound_to_one_core({bound(0, {0}, 1), bound(0, {0}, 1)}, under_mpirun), "");
    EXPECT_EQ(bound_to_one_core({bound(0, {0, 1}, 8)}, under_mpirun), "") << "it has two";
}

TEST(BoundToOneCoreTest, RanksThatWereGivenTheSameCoreAreTold)
{
    EXPECT_NE(bound_to_one_core({bound(0, {0}, 2), bound(0, {0}, 2)}, under_mpirun).find("mpirun --bind-to none"),
              std::string::npos);
}

} // namespace distinfer::app
