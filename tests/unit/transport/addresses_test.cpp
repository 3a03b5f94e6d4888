#include "distinfer/transport/addresses.hpp"
#include "support/expect_error.hpp"

#include <gtest/gtest.h>

namespace distinfer::transport
{

namespace
{

InterfaceAddress const loopback{"lo", "127.0.0.1", "127.0.0.0/8", true};
/// A bridge that every host has for its own containers.
InterfaceAddress const bridge{"docker0", "172.17.0.1", "172.17.0.0/16"};

InterfaceAddress at(std::string const& interface, std::string const& subnet, int host)
{
    return {interface, subnet + "." + std::to_string(host), subnet + ".0/24"};
}

RankAddresses rank(std::string const& host, std::vector<InterfaceAddress> addresses, std::string const& wanted = "")
{
    return {host, wanted, std::move(addresses)};
}

using Addresses = std::vector<std::string>;

} // namespace

TEST(AddressesTest, RanksOfOneHostListenOnItsLoopback)
{
    auto const one = rank("node1", {loopback, at("eth0", "10.0.0", 1)});
    EXPECT_EQ(choose_addresses({one}), Addresses{"127.0.0.1"});
    EXPECT_EQ(choose_addresses({one, one}), (Addresses{"127.0.0.1", "127.0.0.1"}));
}

TEST(AddressesTest, OneHostWithoutLoopbackTakesAnotherInterface)
{
    auto const one = rank("node1", {at("eth0", "10.0.0", 1)});
    EXPECT_EQ(choose_addresses({one, one}), (Addresses{"10.0.0.1", "10.0.0.1"}));
}

TEST(AddressesTest, SeveralHostsTakeTheFirstSubnetOfRootThatAllShare)
{
    auto const first =
        rank("node1", {loopback, at("eth0", "192.168.1", 1), at("ib0", "10.0.0", 1), at("ib1", "10.0.1", 1)});
    auto const second =
        rank("node2", {loopback, at("eth0", "192.168.2", 2), at("ib1", "10.0.1", 2), at("ib0", "10.0.0", 2)});
    EXPECT_EQ(choose_addresses({first, second}), (Addresses{"10.0.0.1", "10.0.0.2"}));
    EXPECT_EQ(choose_addresses({second, first}), (Addresses{"10.0.1.2", "10.0.1.1"}));
}

TEST(AddressesTest, InterfacesMayHaveOtherNamesOnOtherHosts)
{
    EXPECT_EQ(choose_addresses({rank("node1", {at("eth0", "10.0.0", 1)}), rank("node2", {at("enp3s0", "10.0.0", 2)})}),
              (Addresses{"10.0.0.1", "10.0.0.2"}));
}

TEST(AddressesTest, ASubnetThatEachHostHasForItselfIsNone)
{
    auto const first = rank("node1", {loopback, bridge, at("eth0", "10.0.0", 1)});
    auto const second = rank("node2", {loopback, bridge, at("eth0", "10.0.0", 2)});
    EXPECT_EQ(choose_addresses({first, first, second}), (Addresses{"10.0.0.1", "10.0.0.1", "10.0.0.2"}));
}

TEST(AddressesTest, LoopbackIsNoSubnetOfSeveralHosts)
{
    test::expect_error<LaunchError>(
        [] {
            choose_addresses({rank("node1", {loopback}), rank("node2", {loopback})});
        },
        {"no subnet", "GLOO_SOCKET_IFNAME"});
}

TEST(AddressesTest, HostsWithoutACommonSubnetAreRefusedWithWhatTheyHave)
{
    test::expect_error<LaunchError>(
        [] {
            choose_addresses({rank("node1", {at("eth0", "10.0.0", 1)}), rank("node2", {at("eth1", "10.0.1", 2)})});
        },
        {"node1: eth0 10.0.0.0/24", "node2: eth1 10.0.1.0/24", "run.transport: mpi"});
}

TEST(AddressesTest, TheInterfaceThatTheUserNamesWins)
{
    auto const first = rank("node1", {loopback, at("eth0", "10.0.0", 1), at("ib0", "10.8.0", 1)}, "ib0");
    EXPECT_EQ(choose_addresses({first, first}), (Addresses{"10.8.0.1", "10.8.0.1"}));
    // Routed, not shared: the user knows.
    auto const second = rank("node2", {at("eth0", "10.0.0", 2), at("ib7", "10.9.0", 2)}, "ib7");
    EXPECT_EQ(choose_addresses({first, second}), (Addresses{"10.8.0.1", "10.9.0.2"}));
}

TEST(AddressesTest, ANameOnSomeRanksOnlyLeavesTheOthersToFindTheSubnet)
{
    auto const first = rank("node1", {at("eth0", "10.0.0", 1), at("ib0", "10.8.0", 1)}, "ib0");
    auto const second = rank("node2", {at("eth0", "10.0.0", 2), at("ib0", "10.8.0", 2)});
    EXPECT_EQ(choose_addresses({first, second}), (Addresses{"10.8.0.1", "10.8.0.2"}));
    EXPECT_EQ(choose_addresses({second, first}), (Addresses{"10.8.0.2", "10.8.0.1"}));
}

TEST(AddressesTest, ANamedInterfaceThatARankLacksIsRefusedWithTheRank)
{
    auto const first = rank("node1", {at("ib0", "10.8.0", 1)}, "ib0");
    auto const second = rank("node2", {at("eth0", "10.0.0", 2)}, "ib0");
    test::expect_error<LaunchError>([&] { choose_addresses({first, second}); }, {"rank 1 on node2", "ib0"});
}

TEST(AddressesTest, AddressesComeBackFromText)
{
    auto const some = rank("node1", {loopback, at("eth0", "10.0.0", 1), {"eth0", "fd00::1", "fd00::/64"}}, "eth0");
    EXPECT_EQ(decode_addresses(encode(some)), some);
    auto const none = rank("node1", {});
    EXPECT_EQ(decode_addresses(encode(none)), none);
}

TEST(AddressesTest, ThisHostHasLoopback)
{
    auto const own = own_addresses("here", "");
    EXPECT_EQ(choose_addresses({own, own}), (Addresses{"127.0.0.1", "127.0.0.1"}));
    for (auto const& address : own.addresses) {
        if (address.interface == "lo" && address.address == "127.0.0.1") {
            EXPECT_EQ(address.subnet, "127.0.0.0/8");
        }
    }
}

} // namespace distinfer::transport
