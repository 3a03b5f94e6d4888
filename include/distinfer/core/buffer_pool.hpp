#pragma once

#include "distinfer/core/buffer.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace distinfer
{

class BufferPool;

/// A buffer on loan from a pool, given back when it goes. The pool must outlive it; an empty one belongs to none.
class PooledBuffer
{
  public:
    PooledBuffer() = default;
    PooledBuffer(BufferPool& pool, Buffer buffer) : pool_(&pool), buffer_(std::move(buffer)) {}
    ~PooledBuffer() { give_back(); }
    PooledBuffer(PooledBuffer const&) = delete;
    PooledBuffer& operator=(PooledBuffer const&) = delete;
    PooledBuffer(PooledBuffer&& other) noexcept
        : pool_(std::exchange(other.pool_, nullptr)), buffer_(std::move(other.buffer_))
    {}
    PooledBuffer& operator=(PooledBuffer&& other) noexcept;

    std::span<std::byte> span() noexcept { return buffer_.span(); }
    std::span<std::byte const> span() const noexcept { return buffer_.span(); }

    /// Gives the buffer back now.
    void give_back() noexcept;

  private:
    BufferPool* pool_ = nullptr;
    Buffer buffer_;
};

/// A fixed number of buffers that are lent and come back: what bounds a rank's memory. Thread-safe.
class BufferPool
{
  public:
    /// @pre count > 0. Nothing is allocated before a buffer is first lent.
    explicit BufferPool(std::size_t count);

    /// A buffer of that size; waits until one is free. Nothing, once the pool is closed. @throws std::bad_alloc
    std::optional<PooledBuffer> acquire(std::size_t bytes);

    /// A buffer of that size if one is free now. @throws std::bad_alloc
    std::optional<PooledBuffer> try_acquire(std::size_t bytes);

    /// Ends every wait with nothing, now and later.
    void close();

  private:
    friend class PooledBuffer;

    PooledBuffer lend(std::unique_lock<std::mutex> lock, std::size_t bytes);
    void take_back(Buffer buffer) noexcept;

    std::mutex mutex_;
    std::condition_variable freed_;
    std::vector<Buffer> free_; ///< never reallocates: its capacity is the pool's size
    bool closed_ = false;
};

} // namespace distinfer
