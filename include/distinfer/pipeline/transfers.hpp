#pragma once

#include "distinfer/comm/transport.hpp"
#include "distinfer/pipeline/stage.hpp"

#include <list>
#include <optional>

namespace distinfer::pipeline
{

/// The windows that are on their way between this rank and others, each with the buffer that it comes from or goes to.
/// One thread: the one that calls MPI.
class Transfers
{
  public:
    explicit Transfers(comm::Transport& transport) : transport_(transport) {}

    void send(int to, Task task)
    {
        auto const bytes = task.bytes.span();
        sending_.push_back({transport_.send(to, bytes), std::move(task)});
    }

    void receive(int from, Task task)
    {
        auto const bytes = task.bytes.span();
        receiving_.push_back({transport_.receive(from, bytes), std::move(task)});
    }

    /// A task whose bytes have all arrived, if there is one.
    std::optional<Task> arrived() { return take_finished(receiving_); }

    /// A task whose bytes have all left, if there is one.
    std::optional<Task> left() { return take_finished(sending_); }

    bool idle() const noexcept { return sending_.empty() && receiving_.empty(); }

  private:
    struct Transfer
    {
        comm::Transport::Ticket ticket;
        Task task;
    };

    std::optional<Task> take_finished(std::list<Transfer>& transfers)
    {
        for (auto it = transfers.begin(); it != transfers.end(); ++it) {
            if (!transport_.finished(it->ticket)) continue;
            Task task = std::move(it->task);
            transfers.erase(it);
            return task;
        }
        return std::nullopt;
    }

    comm::Transport& transport_;
    std::list<Transfer> sending_;
    std::list<Transfer> receiving_;
};

} // namespace distinfer::pipeline
