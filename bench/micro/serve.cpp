#include "distinfer/core/buffer_pool.hpp"
#include "distinfer/core/wakeup.hpp"
#include "distinfer/pipeline/backoff.hpp"
#include "distinfer/pipeline/note.hpp"
#include "distinfer/pipeline/transfers.hpp"
#include "send.hpp"

#include <mpi.h>

namespace distinfer::bench
{

namespace
{

using pipeline::Note;

/// A rank that takes windows and computes nothing.
class Taker
{
  public:
    explicit Taker(Ranks const& ranks) : ranks_(ranks), transfers_(ranks.transport) {}

    void run()
    {
        stopped_ = false;
        pipeline::step_until([this] { return stopped_ && transfers_.idle(); }, [this] { return step(); }, wakeup_);
    }

  private:
    bool step()
    {
        auto const message = ranks_.communicator.poll();
        if (message) accept(pipeline::decode(message->body));
        auto const task = transfers_.arrived();
        if (task) tell({.kind = Note::Kind::result, .window = task->assignment.window});
        return message || task;
    }

    void accept(Note const& note)
    {
        stopped_ = note.kind == Note::Kind::stop;
        if (!stopped_) transfers_.receive(0, {{note.window, 1}, pool_.try_acquire(note.bytes).value()});
    }

    void tell(Note const& note) { ranks_.communicator.send(0, pipeline::encode(note)); }

    Ranks ranks_;
    BufferPool pool_{slots};
    pipeline::Transfers transfers_;
    Wakeup wakeup_;
    bool stopped_ = false;
};

void take_plain(Order const& order, std::array<Buffer, slots>& buffers)
{
    for (std::uint64_t i = 0; i < order.windows; ++i) {
        auto& buffer = buffers[i % slots];
        buffer.resize(order.bytes);
        MPI_Recv(buffer.data(), static_cast<int>(order.bytes), MPI_BYTE, 0, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    }
    MPI_Send(nullptr, 0, MPI_BYTE, 0, 0, MPI_COMM_WORLD);
}

} // namespace

void serve(Ranks const& ranks)
{
    Taker taker{ranks};
    std::array<Buffer, slots> buffers;
    for (;;) {
        Order order;
        MPI_Recv(&order, sizeof order, MPI_BYTE, 0, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        if (order.kind == Order::Kind::stop) return;
        if (order.kind == Order::Kind::plain)
            take_plain(order, buffers);
        else
            taker.run();
    }
}

} // namespace distinfer::bench
