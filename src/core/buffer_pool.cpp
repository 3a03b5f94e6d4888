#include "distinfer/core/buffer_pool.hpp"

#include "distinfer/core/check.hpp"

namespace distinfer
{

namespace
{

Buffer take_last(std::vector<Buffer>& buffers)
{
    Buffer buffer = std::move(buffers.back());
    buffers.pop_back();
    return buffer;
}

} // namespace

BufferPool::BufferPool(std::size_t count) : free_(count)
{
    expects(count > 0, "a pool to own a buffer");
}

std::optional<Buffer> BufferPool::acquire(std::size_t bytes)
{
    std::unique_lock lock{mutex_};
    freed_.wait(lock, [&] { return closed_ || !free_.empty(); });
    if (closed_) return std::nullopt;
    Buffer buffer = take_last(free_);
    lock.unlock();
    buffer.resize(bytes);
    return buffer;
}

std::optional<Buffer> BufferPool::try_acquire(std::size_t bytes)
{
    std::unique_lock lock{mutex_};
    if (closed_ || free_.empty()) return std::nullopt;
    Buffer buffer = take_last(free_);
    lock.unlock();
    buffer.resize(bytes);
    return buffer;
}

void BufferPool::release(Buffer buffer)
{
    {
        std::lock_guard const lock{mutex_};
        free_.push_back(std::move(buffer));
    }
    freed_.notify_one();
}

void BufferPool::close()
{
    {
        std::lock_guard const lock{mutex_};
        closed_ = true;
    }
    freed_.notify_all();
}

} // namespace distinfer
