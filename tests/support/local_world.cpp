#include "support/local_world.hpp"

#include "distinfer/core/check.hpp"

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <thread>

namespace distinfer::test
{

LocalCommunicator::LocalCommunicator(PostOffice& office, int rank, Life& life)
    : office_(office), rank_(rank), life_(life), node_(static_cast<std::size_t>(office.size))
{
    std::iota(node_.begin(), node_.end(), 0);
}

void LocalCommunicator::broadcast(std::vector<std::byte>&, int)
{
    expects(false, "no collective on a LocalCommunicator");
}

void LocalCommunicator::broadcast_to_leaders(std::span<std::byte>)
{
    expects(false, "no collective on a LocalCommunicator");
}

std::vector<std::string> LocalCommunicator::allgather(std::string const&)
{
    expects(false, "no collective on a LocalCommunicator");
    return {};
}

void Life::call()
{
    if (left_-- > 0) return;
    std::lock_guard const lock{office_.mutex};
    office_.dead.insert(rank_);
    // Nobody copies from the buffers of a dead rank.
    for (auto& [pair, parcels] : office_.parcels)
        if (pair.first == rank_) parcels.clear();
    throw Death{};
}

void LocalCommunicator::send(int to, std::string body)
{
    life_.call();
    std::lock_guard const lock{office_.mutex};
    office_.letters[to].push_back({rank_, std::move(body)});
}

std::optional<comm::Message> LocalCommunicator::poll()
{
    life_.call();
    std::lock_guard const lock{office_.mutex};
    auto& letters = office_.letters[rank_];
    if (letters.empty()) return std::nullopt;
    auto letter = std::move(letters.front());
    letters.pop_front();
    return letter;
}

std::vector<int> LocalCommunicator::take_lost()
{
    std::lock_guard const lock{office_.mutex};
    std::vector<int> found;
    for (int const rank : office_.dead)
        if (known_dead_.insert(rank).second) found.push_back(rank);
    return found;
}

void LocalCommunicator::abort(int)
{
    std::abort();
}

comm::Transport::Ticket LocalTransport::send(int to, std::span<std::byte const> bytes)
{
    life_.call();
    std::lock_guard const lock{office_.mutex};
    auto taken = std::make_shared<bool>(false);
    office_.parcels[{rank_, to}].push_back({bytes, taken});
    sends_.emplace(next_ticket_, Send{to, taken});
    return next_ticket_++;
}

comm::Transport::Ticket LocalTransport::receive(int from, std::span<std::byte> bytes)
{
    receives_.emplace(next_ticket_, Receive{from, bytes});
    return next_ticket_++;
}

comm::Transport::Progress LocalTransport::progress_of_send(Ticket ticket)
{
    auto const sent = sends_.find(ticket);
    bool const taken = *sent->second.taken;
    bool const lost = !taken && office_.dead.contains(sent->second.to);
    if (!taken && !lost) return Progress::moving;
    sends_.erase(sent);
    return taken ? Progress::done : Progress::lost;
}

comm::Transport::Progress LocalTransport::progress(Ticket ticket)
{
    std::lock_guard const lock{office_.mutex};
    if (sends_.contains(ticket)) return progress_of_send(ticket);
    auto const wanted = receives_.find(ticket);
    expects(wanted != receives_.end(), "a ticket that is not used up");
    // Parcels of a pair come in order, so the oldest receive of the pair takes the first.
    auto const oldest = std::find_if(receives_.begin(), receives_.end(),
                                     [&](auto const& r) { return r.second.from == wanted->second.from; });
    bool const arrived = oldest == wanted && receive_now(wanted->second);
    if (!arrived && !office_.dead.contains(wanted->second.from)) return Progress::moving;
    receives_.erase(wanted);
    return arrived ? Progress::done : Progress::lost;
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

void run_ranks(int ranks, std::function<void(comm::Communicator&, comm::Transport&)> const& body, Deaths const& deaths)
{
    PostOffice office{ranks};
    std::vector<std::jthread> threads;
    for (int rank = 0; rank < ranks; ++rank) {
        threads.emplace_back([&, rank] {
            auto const death = deaths.find(rank);
            Life life{office, rank, death == deaths.end() ? UINT64_MAX : death->second};
            LocalCommunicator communicator{office, rank, life};
            LocalTransport transport{office, rank, life};
            try {
                body(communicator, transport);
            } catch (Death const&) {
                return;
            }
        });
    }
}

} // namespace distinfer::test
