// What the system says of this host's interfaces.
#include "distinfer/core/error.hpp"
#include "distinfer/transport/addresses.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <ifaddrs.h>
#include <memory>
#include <net/if.h>
#include <netinet/in.h>
#include <optional>
#include <span>

namespace distinfer::transport
{

namespace
{

std::string to_text(int family, std::span<unsigned char const> bytes)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    return inet_ntop(family, bytes.data(), text.data(), text.size()) ? text.data() : "";
}

/// The bytes of an IPv4 or IPv6 address; none of another kind.
std::span<unsigned char const> bytes_of(sockaddr const* address)
{
    if (address->sa_family == AF_INET) {
        auto const& in = reinterpret_cast<sockaddr_in const*>(address)->sin_addr;
        return {reinterpret_cast<unsigned char const*>(&in), sizeof in};
    }
    if (address->sa_family == AF_INET6) {
        auto const& in = reinterpret_cast<sockaddr_in6 const*>(address)->sin6_addr;
        return {reinterpret_cast<unsigned char const*>(&in), sizeof in};
    }
    return {};
}

bool is_link_local(std::span<unsigned char const> bytes)
{
    return bytes.size() == sizeof(in6_addr) && bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
}

/// "10.1.2.0/24"
std::string subnet_of(int family, std::span<unsigned char const> address, std::span<unsigned char const> mask)
{
    std::array<unsigned char, sizeof(in6_addr)> network{};
    int bits = 0;
    for (std::size_t i = 0; i < address.size(); ++i) {
        network.at(i) = address[i] & mask[i];
        bits += std::popcount(mask[i]);
    }
    return to_text(family, std::span{network}.first(address.size())) + "/" + std::to_string(bits);
}

std::optional<InterfaceAddress> address_of(ifaddrs const& at)
{
    if (!at.ifa_addr || !at.ifa_netmask || !(at.ifa_flags & IFF_UP)) return std::nullopt;
    auto const bytes = bytes_of(at.ifa_addr);
    auto const mask = bytes_of(at.ifa_netmask);
    if (bytes.empty() || mask.size() != bytes.size() || is_link_local(bytes)) return std::nullopt;
    int const family = at.ifa_addr->sa_family;
    return InterfaceAddress{.interface = at.ifa_name,
                            .address = to_text(family, bytes),
                            .subnet = subnet_of(family, bytes, mask),
                            .loopback = (at.ifa_flags & IFF_LOOPBACK) != 0};
}

} // namespace

RankAddresses own_addresses(std::string host, std::string wanted)
{
    ifaddrs* first = nullptr;
    if (getifaddrs(&first) != 0)
        throw LaunchError("cannot list the network interfaces of " + host, std::strerror(errno),
                          "use run.transport: mpi");
    std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> const owner{first, &freeifaddrs};
    RankAddresses own{.host = std::move(host), .wanted = std::move(wanted), .addresses = {}};
    for (auto const* at = first; at; at = at->ifa_next)
        if (auto address = address_of(*at)) own.addresses.push_back(std::move(*address));
    std::stable_partition(own.addresses.begin(), own.addresses.end(),
                          [](auto const& at) { return at.address.find(':') == std::string::npos; });
    return own;
}

} // namespace distinfer::transport
