#include "distinfer/core/buffer_pool.hpp"

#include "distinfer/core/check.hpp"

#include <new>

namespace distinfer
{

PooledBuffer& PooledBuffer::operator=(PooledBuffer&& other) noexcept
{
    if (this != &other) {
        give_back();
        pool_ = std::exchange(other.pool_, nullptr);
        buffer_ = std::move(other.buffer_);
    }
    return *this;
}

void PooledBuffer::give_back() noexcept
{
    if (auto* pool = std::exchange(pool_, nullptr)) pool->take_back(std::move(buffer_));
}

BufferPool::BufferPool(std::size_t count) : free_(count)
{
    expects(count > 0, "a pool to own a buffer");
}

PooledBuffer BufferPool::lend(std::unique_lock<std::mutex> lock, std::size_t bytes)
{
    Buffer buffer{std::move(free_.back())};
    free_.pop_back();
    lock.unlock();
    try {
        buffer.resize(bytes);
    } catch (std::bad_alloc const&) {
        take_back(std::move(buffer));
        throw;
    }
    return {*this, std::move(buffer)};
}

std::optional<PooledBuffer> BufferPool::acquire(std::size_t bytes)
{
    std::unique_lock lock{mutex_};
    freed_.wait(lock, [&] { return closed_ || !free_.empty(); });
    if (closed_) return std::nullopt;
    return lend(std::move(lock), bytes);
}

std::optional<PooledBuffer> BufferPool::try_acquire(std::size_t bytes)
{
    std::unique_lock lock{mutex_};
    if (free_.empty()) return std::nullopt;
    return lend(std::move(lock), bytes);
}

void BufferPool::close()
{
    {
        std::lock_guard const lock{mutex_};
        closed_ = true;
    }
    freed_.notify_all();
}

void BufferPool::take_back(Buffer buffer) noexcept
{
    {
        std::lock_guard const lock{mutex_};
        free_.push_back(std::move(buffer));
    }
    freed_.notify_one();
}

} // namespace distinfer
