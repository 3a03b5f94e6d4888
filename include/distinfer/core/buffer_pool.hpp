#pragma once

#include "distinfer/core/buffer.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <vector>

namespace distinfer
{

/// A fixed number of buffers that are lent and given back: what bounds a rank's memory. Thread-safe.
class BufferPool
{
  public:
    /// @pre count > 0. Nothing is allocated before a buffer is first resized.
    explicit BufferPool(std::size_t count);

    /// A buffer of that size; waits until one is free. Nothing, once the pool is closed.
    std::optional<Buffer> acquire(std::size_t bytes);

    /// A buffer of that size if one is free now.
    std::optional<Buffer> try_acquire(std::size_t bytes);

    /// Gives a buffer back.
    void release(Buffer buffer);

    /// Wakes every waiter with nothing.
    void close();

  private:
    std::mutex mutex_;
    std::condition_variable freed_;
    std::vector<Buffer> free_;
    bool closed_ = false;
};

} // namespace distinfer
