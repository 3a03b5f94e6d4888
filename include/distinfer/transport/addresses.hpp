#pragma once

#include <string>
#include <vector>

namespace distinfer::transport
{

/// An address of a host, at an interface that is up.
struct InterfaceAddress
{
    std::string interface; ///< "eth0"
    std::string address;   ///< "10.1.2.3"
    std::string subnet;    ///< "10.1.2.0/24"
    bool loopback = false;

    bool operator==(InterfaceAddress const&) const = default;
};

/// Where others may reach a rank.
struct RankAddresses
{
    std::string host;
    std::string wanted; ///< the interface that the user wants, GLOO_SOCKET_IFNAME; empty: any
    std::vector<InterfaceAddress> addresses;

    bool operator==(RankAddresses const&) const = default;
};

/// This process's own. IPv4 first, then IPv6 other than link-local; each in the system's order.
/// @param wanted see RankAddresses
RankAddresses own_addresses(std::string host, std::string wanted);

/// As text, to be sent to the others, and back.
std::string encode(RankAddresses const& rank);
RankAddresses decode_addresses(std::string const& text);

/// The address that each rank listens on, by rank: that of the interface that it wants; else, on one host, loopback; on
/// several, the one in the first subnet of rank 0 in which every rank has an address, and no two hosts the same one:
/// that is each host's own, such as a bridge of containers. Pure: every rank finds the same.
/// @throws LaunchError naming the rank, or saying what every host has
std::vector<std::string> choose_addresses(std::vector<RankAddresses> const& ranks);

} // namespace distinfer::transport
