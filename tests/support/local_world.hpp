#pragma once

#include "distinfer/comm/communicator.hpp"
#include "distinfer/comm/transport.hpp"

#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <utility>

namespace distinfer::test
{

/// What the ranks of a LocalWorld share: letter boxes, one for each pair of ranks.
struct PostOffice
{
    /// A send that has not been received yet. `taken` is set by the receiver when it has copied the bytes.
    struct Parcel
    {
        std::span<std::byte const> bytes;
        std::shared_ptr<bool> taken;
    };

    explicit PostOffice(int ranks) : size(ranks) {}

    int size;
    std::mutex mutex;
    std::set<int> dead;
    std::map<int, std::deque<comm::Message>> letters;          ///< by receiver
    std::map<std::pair<int, int>, std::deque<Parcel>> parcels; ///< by sender and receiver
};

/// What ends the thread of a rank that dies.
class Death : public std::exception
{};

/// When ranks die: at that many calls of their communicator and transport.
using Deaths = std::map<int, std::uint64_t>;

/// Counts a rank's calls until it dies.
class Life
{
  public:
    Life(PostOffice& office, int rank, std::uint64_t calls) : office_(office), rank_(rank), left_(calls) {}

    /// A call. @throws Death where it was one too many
    void call();

  private:
    PostOffice& office_;
    int rank_;
    std::uint64_t left_;
};

/// Control messages between threads of one process. Collectives are not needed by the loops and not there.
class LocalCommunicator : public comm::Communicator
{
  public:
    LocalCommunicator(PostOffice& office, int rank, Life& life);

    int rank() const override { return rank_; }
    int size() const override { return office_.size; }
    std::vector<int> const& node() const override { return node_; }
    void broadcast(std::vector<std::byte>& bytes, int root) override;
    void broadcast_to_leaders(std::span<std::byte> bytes) override;
    std::vector<std::string> allgather(std::string const& text) override;
    void send(int to, std::string body) override;
    std::optional<comm::Message> poll() override;
    bool survives_losses() const override { return true; }
    std::vector<int> take_lost() override;
    [[noreturn]] void abort(int exit_code) override;

  private:
    PostOffice& office_;
    int rank_;
    Life& life_;
    std::vector<int> node_; ///< all ranks
    std::set<int> known_dead_;
};

/// Windows between threads of one process: the receiver copies, and only then has the sender's transfer finished.
class LocalTransport : public comm::Transport
{
  public:
    LocalTransport(PostOffice& office, int rank, Life& life) : office_(office), rank_(rank), life_(life) {}

    Ticket send(int to, std::span<std::byte const> bytes) override;
    Ticket receive(int from, std::span<std::byte> bytes) override;
    Progress progress(Ticket ticket) override;
    void cancel() noexcept override { receives_.clear(); }

  private:
    struct Send
    {
        int to;
        std::shared_ptr<bool> taken;
    };

    struct Receive
    {
        int from;
        std::span<std::byte> bytes;
    };

    bool receive_now(Receive const& wanted);
    Progress progress_of_send(Ticket ticket);

    PostOffice& office_;
    int rank_;
    Life& life_;
    Ticket next_ticket_ = 0;
    std::map<Ticket, Send> sends_;
    std::map<Ticket, Receive> receives_;
};

/// Runs `body(communicator, transport)` for each rank, each in a thread of its own, and waits for all. Ranks die as
/// `deaths` says, and the others can go on.
void run_ranks(int ranks, std::function<void(comm::Communicator&, comm::Transport&)> const& body,
               Deaths const& deaths = {});

} // namespace distinfer::test
