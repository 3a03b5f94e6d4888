#pragma once

#include "distinfer/comm/communicator.hpp"
#include "distinfer/comm/transport.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
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
    std::map<int, std::deque<comm::Message>> letters;          ///< by receiver
    std::map<std::pair<int, int>, std::deque<Parcel>> parcels; ///< by sender and receiver
};

/// Control messages between threads of one process. Collectives are not needed by the loops and not there.
class LocalCommunicator : public comm::Communicator
{
  public:
    LocalCommunicator(PostOffice& office, int rank) : office_(office), rank_(rank) {}

    int rank() const override { return rank_; }
    int size() const override { return office_.size; }
    void broadcast(std::vector<std::byte>& bytes, int root) override;
    std::vector<std::string> allgather(std::string const& text) override;
    void send(int to, std::string body) override;
    std::optional<comm::Message> poll() override;
    [[noreturn]] void abort(int exit_code) override;

  private:
    PostOffice& office_;
    int rank_;
};

/// Windows between threads of one process: the receiver copies, and only then has the sender's transfer finished.
class LocalTransport : public comm::Transport
{
  public:
    LocalTransport(PostOffice& office, int rank) : office_(office), rank_(rank) {}

    Ticket send(int to, std::span<std::byte const> bytes) override;
    Ticket receive(int from, std::span<std::byte> bytes) override;
    bool finished(Ticket ticket) override;

  private:
    struct Receive
    {
        int from;
        std::span<std::byte> bytes;
    };

    bool receive_now(Receive const& wanted);

    PostOffice& office_;
    int rank_;
    Ticket next_ticket_ = 0;
    std::map<Ticket, std::shared_ptr<bool>> sends_;
    std::map<Ticket, Receive> receives_;
};

/// Runs `body(communicator, transport)` for each rank, each in a thread of its own, and waits for all.
void run_ranks(int ranks, std::function<void(comm::Communicator&, comm::Transport&)> const& body);

} // namespace distinfer::test
