#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace distinfer
{

/// First in, first out between threads. Its length is bounded by whoever fills it: a window in a queue holds a buffer
/// of a BufferPool, or a credit. Thread-safe.
template <class T>
class Queue
{
  public:
    void push(T item)
    {
        {
            std::lock_guard const lock{mutex_};
            items_.push_back(std::move(item));
        }
        filled_.notify_one();
    }

    /// Waits for an item. Nothing, once the queue is closed.
    std::optional<T> pop()
    {
        std::unique_lock lock{mutex_};
        filled_.wait(lock, [&] { return closed_ || !items_.empty(); });
        if (closed_) return std::nullopt;
        return take_first();
    }

    /// An item if there is one now.
    std::optional<T> try_pop()
    {
        std::lock_guard const lock{mutex_};
        if (items_.empty()) return std::nullopt;
        return take_first();
    }

    /// Wakes every waiter with nothing; items that were not taken are dropped with the queue.
    void close()
    {
        {
            std::lock_guard const lock{mutex_};
            closed_ = true;
        }
        filled_.notify_all();
    }

  private:
    T take_first()
    {
        T item = std::move(items_.front());
        items_.pop_front();
        return item;
    }

    std::mutex mutex_;
    std::condition_variable filled_;
    std::deque<T> items_;
    bool closed_ = false;
};

} // namespace distinfer
