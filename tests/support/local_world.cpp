#include "support/local_world.hpp"

#include "distinfer/core/check.hpp"

#include <algorithm>
#include <cstdlib>
#include <thread>

namespace distinfer::test
{

void LocalCommunicator::broadcast(std::vector<std::byte>&, int)
{
    expects(false, "no collective on a LocalCommunicator");
}

std::vector<std::string> LocalCommunicator::allgather(std::string const&)
{
    expects(false, "no collective on a LocalCommunicator");
    return {};
}

void LocalCommunicator::send(int to, std::string body)
{
    std::lock_guard const lock{office_.mutex};
    office_.letters[to].push_back({rank_, std::move(body)});
}

std::optional<comm::Message> LocalCommunicator::poll()
{
    std::lock_guard const lock{office_.mutex};
    auto& letters = office_.letters[rank_];
    if (letters.empty()) return std::nullopt;
    auto letter = std::move(letters.front());
    letters.pop_front();
    return letter;
}

void LocalCommunicator::abort(int)
{
    std::abort();
}

comm::Transport::Ticket LocalTransport::send(int to, std::span<std::byte const> bytes)
{
    std::lock_guard const lock{office_.mutex};
    auto taken = std::make_shared<bool>(false);
    office_.parcels[{rank_, to}].push_back({bytes, taken});
    sends_.emplace(next_ticket_, taken);
    return next_ticket_++;
}

comm::Transport::Ticket LocalTransport::receive(int from, std::span<std::byte> bytes)
{
    receives_.emplace(next_ticket_, Receive{from, bytes});
    return next_ticket_++;
}

bool LocalTransport::finished(Ticket ticket)
{
    std::lock_guard const lock{office_.mutex};
    if (auto const sent = sends_.find(ticket); sent != sends_.end()) {
        bool const taken = *sent->second;
        if (taken) sends_.erase(sent);
        return taken;
    }
    auto const wanted = receives_.find(ticket);
    expects(wanted != receives_.end(), "a ticket that is not used up");
    // Parcels of a pair come in order, so the oldest receive of the pair takes the first.
    auto const oldest = std::find_if(receives_.begin(), receives_.end(),
                                     [&](auto const& r) { return r.second.from == wanted->second.from; });
    if (oldest != wanted || !receive_now(wanted->second)) return false;
    receives_.erase(wanted);
    return true;
}

bool LocalTransport::receive_now(Receive const& wanted)
{
    auto& parcels = office_.parcels[{wanted.from, rank_}];
    if (parcels.empty()) return false;
    expects(parcels.front().bytes.size() == wanted.bytes.size(), "a parcel of the announced size");
    std::copy(parcels.front().bytes.begin(), parcels.front().bytes.end(), wanted.bytes.begin());
    *parcels.front().taken = true;
    parcels.pop_front();
    return true;
}

void run_ranks(int ranks, std::function<void(comm::Communicator&, comm::Transport&)> const& body)
{
    PostOffice office{ranks};
    std::vector<std::jthread> threads;
    for (int rank = 0; rank < ranks; ++rank) {
        threads.emplace_back([&, rank] {
            LocalCommunicator communicator{office, rank};
            LocalTransport transport{office, rank};
            body(communicator, transport);
        });
    }
}

} // namespace distinfer::test
