#include "sender.hpp"

#include "distinfer/pipeline/backoff.hpp"

#include <mpi.h>

#include <algorithm>
#include <array>

namespace distinfer::bench
{

using pipeline::Note;

void give(Order const& order)
{
    MPI_Send(&order, sizeof order, MPI_BYTE, 1, 0, MPI_COMM_WORLD);
}

void stop_serving()
{
    give({});
}

void Sender::fill(std::span<std::byte const> window)
{
    std::array<std::optional<PooledBuffer>, slots> all;
    for (auto& buffer : all) {
        buffer = pool_.try_acquire(window.size());
        std::ranges::copy(window, buffer->span().begin());
    }
}

void Sender::send(Windows const& windows)
{
    give({.kind = Order::Kind::pipeline});
    begun_ = ended_ = 0;
    pipeline::step_until([&] { return ended_ == windows.count && transfers_.idle(); }, [&] { return step(windows); },
                         wakeup_);
    tell({.kind = Note::Kind::stop});
}

bool Sender::step(Windows const& windows)
{
    bool const has_room = begun_ < windows.count && begun_ < ended_ + slots;
    if (has_room) begin(windows);
    auto const left = transfers_.left();
    auto const message = ranks_.communicator.poll();
    if (message) ++ended_;
    return has_room || left || message;
}

void Sender::begin(Windows const& windows)
{
    auto const bytes = windows.bytes(begun_);
    auto buffer = pool_.try_acquire(bytes);
    if (!buffer) return; // rank 1 has said that it has a window before MPI has said that it has left
    windows.fetch(begun_, buffer->span());
    tell({.kind = Note::Kind::assign, .window = begun_, .bytes = bytes});
    transfers_.send(1, {{begun_, 1}, std::move(*buffer)});
    ++begun_;
}

} // namespace distinfer::bench
