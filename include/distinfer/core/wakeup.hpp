#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace distinfer
{

/// Lets one thread sleep until another has something for it, or a time is over. Thread-safe; one sleeper.
class Wakeup
{
  public:
    void notify()
    {
        {
            std::lock_guard const lock{mutex_};
            notified_ = true;
        }
        condition_.notify_one();
    }

    /// Returns at once where notify() was called since the last wait.
    void wait_for(std::chrono::microseconds at_most)
    {
        std::unique_lock lock{mutex_};
        condition_.wait_for(lock, at_most, [&] { return notified_; });
        notified_ = false;
    }

  private:
    std::mutex mutex_;
    std::condition_variable condition_;
    bool notified_ = false;
};

} // namespace distinfer
