#include "scaling/network.hpp"

#include <gtest/gtest.h>

namespace distinfer::scaling
{

namespace
{

/// Two ranks a host; every figure easy to follow.
Machine simple()
{
    return {.ranks_per_host = 2,
            .link_out = 100,
            .link_in = 200,
            .memory = 1000,
            .latency = 0,
            .reader = 50,
            .writer = 20,
            .file_system = 400,
            .storage_latency = 1,
            .storage_over_link = false};
}

} // namespace

TEST(PipeTest, PassesOneAfterTheOtherAtItsRate)
{
    Pipe pipe{10};
    EXPECT_EQ(pipe.pass(0, 50), 5);
    EXPECT_EQ(pipe.pass(1, 20), 7) << "waits for what came before";
    EXPECT_EQ(pipe.pass(10, 10), 11) << "nothing is before it";
    EXPECT_EQ(pipe.busy(), 8);
}

TEST(NetworkTest, TheSlowerEndOfALinkCountsAndRanksOfAHostNeedNone)
{
    Network network{simple(), 4};
    EXPECT_EQ(network.move(0, 2, 0, 1000), 10);
    EXPECT_EQ(network.move(1, 3, 0, 1000), 20) << "the second on the same two links";
    EXPECT_EQ(network.move(0, 1, 0, 1000), 1);
    EXPECT_EQ(network.move(2, 0, 0, 1000), 10) << "the other direction is free";
    EXPECT_EQ(network.root_sending(), 20);
    EXPECT_EQ(network.root_receiving(), 5);
}

TEST(NetworkTest, AReadIsAsFastAsItsThreadTheFileSystemAndTheLinkAllow)
{
    Network by_thread{simple(), 4};
    EXPECT_EQ(by_thread.read(0, 0, 400), 1 + 8);
    EXPECT_EQ(by_thread.write(0, 0, 400), 1 + 20);

    auto machine = simple();
    machine.file_system = 10;
    Network by_file_system{machine, 4};
    EXPECT_EQ(by_file_system.read(0, 0, 400), 1 + 40);
    EXPECT_EQ(by_file_system.write(2, 0, 400), 1 + 80) << "it serves all hosts";

    machine = simple();
    machine.storage_over_link = true;
    machine.link_in = 25;
    Network by_link{machine, 4};
    EXPECT_EQ(by_link.read(0, 0, 400), 1 + 16);
    EXPECT_EQ(by_link.read(1, 0, 400), 1 + 32) << "of the same host";
    EXPECT_EQ(by_link.read(2, 0, 400), 1 + 16);
}

} // namespace distinfer::scaling
