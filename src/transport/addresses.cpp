#include "distinfer/transport/addresses.hpp"

#include "distinfer/core/error.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <sstream>

namespace distinfer::transport
{

namespace
{

/// The ranks with only those addresses that the user lets them have.
std::vector<RankAddresses> allowed(std::vector<RankAddresses> ranks)
{
    for (std::size_t rank = 0; rank < ranks.size(); ++rank) {
        auto& own = ranks[rank];
        if (own.wanted.empty()) continue;
        std::erase_if(own.addresses, [&](auto const& address) { return address.interface != own.wanted; });
        if (own.addresses.empty())
            throw LaunchError("rank " + std::to_string(rank) + " on " + own.host + " has no address at interface " +
                                  own.wanted,
                              "GLOO_SOCKET_IFNAME names it", "name one interface that is up on every host");
    }
    return ranks;
}

template <class Accept>
std::optional<std::string> first_address(RankAddresses const& rank, Accept const& accept)
{
    auto const found = std::ranges::find_if(rank.addresses, accept);
    return found == rank.addresses.end() ? std::nullopt : std::optional{found->address};
}

/// The first address of each rank that is accepted; nothing where a rank has none.
template <class Accept>
std::optional<std::vector<std::string>> one_each(std::vector<RankAddresses> const& ranks, Accept const& accept)
{
    std::vector<std::string> chosen;
    for (auto const& rank : ranks) {
        auto address = first_address(rank, accept);
        if (!address) return std::nullopt;
        chosen.push_back(std::move(*address));
    }
    return chosen;
}

bool on_one_host(std::vector<RankAddresses> const& ranks)
{
    return std::ranges::all_of(ranks, [&](auto const& rank) { return rank.host == ranks.front().host; });
}

/// Whether each host has an address that no other has.
bool tell_hosts_apart(std::vector<RankAddresses> const& ranks, std::vector<std::string> const& chosen)
{
    std::map<std::string, std::string> host_of;
    for (std::size_t rank = 0; rank < ranks.size(); ++rank)
        if (host_of.emplace(chosen[rank], ranks[rank].host).first->second != ranks[rank].host) return false;
    return true;
}

[[noreturn]] void refuse(std::vector<RankAddresses> const& ranks)
{
    std::set<std::string> hosts;
    for (auto const& rank : ranks) {
        std::string text = rank.host + ":";
        for (auto const& address : rank.addresses)
            if (!address.loopback) text += " " + address.interface + " " + address.subnet;
        hosts.insert(std::move(text));
    }
    std::string why;
    for (auto const& host : hosts) why += (why.empty() ? "" : ", ") + host;
    throw LaunchError("the hosts of this job share no subnet", why,
                      "name the interface in GLOO_SOCKET_IFNAME, or use run.transport: mpi");
}

std::vector<std::string> choose_among(std::vector<RankAddresses> const& ranks)
{
    if (std::ranges::none_of(ranks, [](auto const& rank) { return rank.wanted.empty(); }))
        return one_each(ranks, [](auto const&) { return true; }).value();
    if (on_one_host(ranks))
        if (auto chosen = one_each(ranks, [](auto const& address) { return address.loopback; })) return *chosen;
    for (auto const& candidate : ranks.front().addresses) {
        if (candidate.loopback) continue;
        auto const chosen = one_each(ranks, [&](auto const& address) { return address.subnet == candidate.subnet; });
        if (chosen && tell_hosts_apart(ranks, *chosen)) return *chosen;
    }
    refuse(ranks);
}

} // namespace

std::vector<std::string> choose_addresses(std::vector<RankAddresses> const& ranks)
{
    return choose_among(allowed(ranks));
}

std::string encode(RankAddresses const& rank)
{
    std::ostringstream text;
    text << rank.host << '\n' << rank.wanted << '\n';
    for (auto const& [interface, address, subnet, loopback] : rank.addresses)
        text << interface << ' ' << address << ' ' << subnet << ' ' << loopback << '\n';
    return text.str();
}

RankAddresses decode_addresses(std::string const& text)
{
    std::istringstream lines{text};
    RankAddresses rank;
    std::getline(lines, rank.host);
    std::getline(lines, rank.wanted);
    for (InterfaceAddress at; lines >> at.interface >> at.address >> at.subnet >> at.loopback;)
        rank.addresses.push_back(at);
    return rank;
}

} // namespace distinfer::transport
