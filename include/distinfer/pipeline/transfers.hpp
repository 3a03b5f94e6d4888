#pragma once

#include "distinfer/comm/transport.hpp"
#include "distinfer/pipeline/stage.hpp"

#include <list>
#include <optional>
#include <vector>

namespace distinfer::pipeline
{

/// The windows that are on their way between this rank and others, each with the buffer that it comes from or goes to.
/// What goes to a rank that has died, or comes from it, comes out no more. One thread: the one that calls MPI.
class Transfers
{
  public:
    explicit Transfers(comm::Transport& transport) : transport_(transport) {}

    /// Where something is still on its way, the job is over on every rank: nobody touches the buffers afterwards.
    ~Transfers()
    {
        if (!idle()) transport_.cancel();
    }
    Transfers(Transfers const&) = delete;
    Transfers& operator=(Transfers const&) = delete;

    void send(int to, Task task)
    {
        auto const bytes = task.bytes.span();
        sending_.push_back({transport_.send(to, bytes), to, std::move(task)});
    }

    void receive(int from, Task task)
    {
        auto const bytes = task.bytes.span();
        receiving_.push_back({transport_.receive(from, bytes), from, std::move(task)});
    }

    /// A task whose bytes have all arrived, if there is one.
    std::optional<Task> arrived() { return take_finished(receiving_); }

    /// A task whose bytes have all left, if there is one.
    std::optional<Task> left() { return take_finished(sending_); }

    /// The rank has died. @returns the windows that it was sending, which do not arrive any more
    std::vector<plan::Assignment> lost(int rank)
    {
        for (auto& transfer : sending_) transfer.is_void |= transfer.other == rank;
        std::vector<plan::Assignment> missed;
        for (auto& transfer : receiving_) {
            if (transfer.other != rank || transfer.is_void) continue;
            transfer.is_void = true;
            missed.push_back(transfer.task.assignment);
        }
        return missed;
    }

    bool idle() const noexcept { return sending_.empty() && receiving_.empty(); }

  private:
    using Progress = comm::Transport::Progress;

    struct Transfer
    {
        comm::Transport::Ticket ticket;
        int other;
        Task task;
        bool is_void = false; ///< of a rank that has died; the buffer is kept as long as MPI may touch it
        bool is_over = false; ///< the buffer is ours again
    };

    std::optional<Task> take_finished(std::list<Transfer>& transfers)
    {
        for (auto it = transfers.begin(); it != transfers.end();) {
            if (!it->is_over) {
                auto const progress = transport_.progress(it->ticket);
                it->is_over = progress != Progress::moving;
                // The loss of the rank is told to lost() before long, and it needs to know of this window.
                if (progress == Progress::done && !it->is_void) {
                    Task task = std::move(it->task);
                    transfers.erase(it);
                    return task;
                }
            }
            it = it->is_over && it->is_void ? transfers.erase(it) : std::next(it);
        }
        return std::nullopt;
    }

    comm::Transport& transport_;
    std::list<Transfer> sending_;
    std::list<Transfer> receiving_;
};

} // namespace distinfer::pipeline
