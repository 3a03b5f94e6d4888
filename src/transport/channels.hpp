#pragma once

#include "distinfer/comm/transport.hpp"
#include "distinfer/core/queue.hpp"
#include "link.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace distinfer::transport
{

/// A transport over a Link whose calls block: each other rank and direction has a channel, a thread that waits for one
/// transfer after the other. So transfers of a pair keep their order, both directions move at once, and nobody waits
/// for a rank that is slow but its own channel.
class ChannelTransport : public comm::Transport
{
  public:
    /// @param names of the ranks, for messages: "rank 2 on node1"
    /// @param survives whether the job goes on without a rank that died: its transfers are lost then; else they throw
    ChannelTransport(std::unique_ptr<Link> link, std::vector<std::string> names, bool survives);
    ~ChannelTransport() override;
    ChannelTransport(ChannelTransport const&) = delete;
    ChannelTransport& operator=(ChannelTransport const&) = delete;

    Ticket send(int to, std::span<std::byte const> bytes) override;
    Ticket receive(int from, std::span<std::byte> bytes) override;
    Progress progress(Ticket ticket) override;
    void cancel() noexcept override;

  private:
    enum class Direction { out, in };

    struct Transfer
    {
        int other;
        Progress progress = Progress::moving;
        std::string why; ///< it was lost
    };

    struct Work
    {
        Ticket ticket;
        std::function<void()> move;
    };

    struct Channel
    {
        Queue<Work> queue;
        std::jthread thread;
    };

    Ticket begin(int other, Direction direction, std::function<void()> move);
    void serve(Channel& channel);
    void end(Ticket ticket, Progress how, std::string why);
    void close_channels() noexcept;

    std::unique_ptr<Link> link_;
    std::vector<std::string> names_;
    bool survives_;
    std::mutex mutex_;
    std::map<Ticket, Transfer> transfers_; ///< guarded by mutex_
    Ticket next_ticket_ = 0;
    std::map<std::pair<int, Direction>, Channel> channels_; ///< made as they are needed
};

} // namespace distinfer::transport
