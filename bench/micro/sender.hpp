#pragma once

#include "distinfer/core/buffer_pool.hpp"
#include "distinfer/core/wakeup.hpp"
#include "distinfer/pipeline/note.hpp"
#include "distinfer/pipeline/transfers.hpp"
#include "send.hpp"

#include <functional>
#include <span>

namespace distinfer::bench
{

/// Has rank 1 do something.
void give(Order const& order);

/// Root as RootLoop is to one rank: announces windows, sends them, and knows by a note that a slot is free again.
class Sender
{
  public:
    /// What root sends.
    struct Windows
    {
        std::uint64_t count = 0;
        std::function<std::uint64_t(std::uint64_t window)> bytes;
        std::function<void(std::uint64_t window, std::span<std::byte> to)> fetch;
    };

    explicit Sender(Ranks const& ranks) : ranks_(ranks), transfers_(ranks.transport) {}

    /// Puts these bytes into all buffers: the system gives memory that nobody has written for nothing.
    void fill(std::span<std::byte const> window);

    /// Returns when rank 1 has all of them.
    void send(Windows const& windows);

  private:
    bool step(Windows const& windows);
    void begin(Windows const& windows);
    void tell(pipeline::Note const& note) { ranks_.communicator.send(1, pipeline::encode(note)); }

    Ranks ranks_;
    BufferPool pool_{slots};
    pipeline::Transfers transfers_;
    Wakeup wakeup_;
    std::uint64_t begun_ = 0;
    std::uint64_t ended_ = 0;
};

} // namespace distinfer::bench
