#include "distinfer/device/topology.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace distinfer::device
{

namespace
{

/// A /sys of two NUMA nodes with two cores of two threads each, and a GPU on each node.
class TopologyTest : public testing::Test
{
  protected:
    void SetUp() override
    {
        put("devices/system/node/online", "0-1\n");
        put("devices/system/node/node0/cpulist", "0-1,4-5\n");
        put("devices/system/node/node1/cpulist", "2-3,6-7\n");
        put("devices/system/node/node0/distance", "10 32\n");
        put("devices/system/node/node1/distance", "32 10\n");
        for (int core = 0; core < 8; ++core)
            put("devices/system/cpu/cpu" + std::to_string(core) + "/topology/thread_siblings_list",
                std::to_string(core % 4) + "," + std::to_string(core % 4 + 4) + "\n");
        put("bus/pci/devices/0000:3b:00.0/numa_node", "0\n");
        put("bus/pci/devices/0000:af:00.0/numa_node", "1\n");
        put("bus/pci/devices/0000:d8:00.0/numa_node", "-1\n");
    }

    void put(std::string const& path, std::string const& text)
    {
        std::filesystem::path const file{folder_ / path};
        std::filesystem::create_directories(file.parent_path());
        std::ofstream{file} << text;
    }

    Topology topology() const { return Topology{folder_ / "."}; }

  private:
    test::TemporaryFolder folder_;
};

} // namespace

TEST_F(TopologyTest, CoresAreOnTheirNodes)
{
    EXPECT_EQ(topology().nodes_of({5, 0}), std::vector<int>{0});
    EXPECT_EQ(topology().nodes_of({2, 6}), std::vector<int>{1});
    EXPECT_EQ(topology().nodes_of({0, 7}), (std::vector<int>{0, 1}));
    EXPECT_TRUE(topology().nodes_of({99}).empty());
}

TEST_F(TopologyTest, DevicesAreOnTheirNodes)
{
    EXPECT_EQ(topology().node_of_device("0000:3b:00.0"), 0);
    EXPECT_EQ(topology().node_of_device("0000:af:00.0"), 1);
    EXPECT_EQ(topology().node_of_device("0000:d8:00.0"), std::nullopt) << "the firmware does not know";
    EXPECT_EQ(topology().node_of_device("0000:00:00.0"), std::nullopt) << "there is none";
    EXPECT_EQ(topology().node_of_device(""), std::nullopt);
}

TEST_F(TopologyTest, DistancesAreTheFirmwaresToTheNearestNode)
{
    EXPECT_EQ(topology().distance({0}, 0), 10);
    EXPECT_EQ(topology().distance({0}, 1), 32);
    EXPECT_EQ(topology().distance({0, 1}, 1), 10);
}

TEST_F(TopologyTest, AnUnknownDistanceIsNoNearOne)
{
    EXPECT_EQ(topology().distance({0}, std::nullopt), 20);
    EXPECT_EQ(topology().distance({}, 0), 20);
    put("devices/system/node/node0/distance", "\n");
    EXPECT_EQ(topology().distance({0}, 1), 20);
    EXPECT_EQ(topology().distance({0}, 0), 10) << "it is the node itself";
}

TEST_F(TopologyTest, NumbersOfNodesMayHaveGaps)
{
    put("devices/system/node/online", "0,8\n");
    put("devices/system/node/node8/cpulist", "2-3\n");
    put("devices/system/node/node8/distance", "40 10\n");
    EXPECT_EQ(topology().nodes_of({2}), std::vector<int>{8});
    EXPECT_EQ(topology().distance({8}, 0), 40);
}

TEST_F(TopologyTest, ThreadsOfACoreAreOneCore)
{
    EXPECT_EQ(topology().whole_cores({0, 4}), 1);
    EXPECT_EQ(topology().whole_cores({0, 1}), 2);
    EXPECT_EQ(topology().whole_cores({0, 1, 2, 3, 4, 5, 6, 7}), 4);
    EXPECT_EQ(topology().whole_cores({20, 21}), 2) << "not told: each is a core";
}

TEST_F(TopologyTest, WithoutSysNothingIsKnownAndNothingFails)
{
    Topology const nothing{"/nowhere"};
    EXPECT_TRUE(nothing.nodes_of({0, 1}).empty());
    EXPECT_EQ(nothing.node_of_device("0000:3b:00.0"), std::nullopt);
    EXPECT_EQ(nothing.distance({0}, 1), 20);
    EXPECT_EQ(nothing.whole_cores({0, 1}), 2);
}

TEST_F(TopologyTest, ThisHostsNodesAreNearThemselves)
{
    auto const here = Topology::of_this_host();
    for (int const node : here.nodes_of({0, 1, 2, 3}))
        for (int const other : here.nodes_of({0, 1, 2, 3}))
            EXPECT_LE(here.distance({node}, node), here.distance({node}, other));
}

} // namespace distinfer::device
