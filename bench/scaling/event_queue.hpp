#pragma once

#include <cstdint>
#include <queue>
#include <utility>
#include <vector>

namespace distinfer::scaling
{

/// What is going to happen, by time; of two things at one time, that which was put in first.
template <class T>
class EventQueue
{
  public:
    void push(double time, T what) { events_.push({time, pushed_++, std::move(what)}); }

    bool empty() const { return events_.empty(); }

    /// The next to happen, with its time in seconds. @pre not empty()
    std::pair<double, T> pop()
    {
        Event event = events_.top();
        events_.pop();
        return {event.time, std::move(event.what)};
    }

  private:
    struct Event
    {
        double time = 0;
        std::uint64_t order = 0;
        T what;

        bool operator>(Event const& other) const
        {
            return time != other.time ? time > other.time : order > other.order;
        }
    };

    std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
    std::uint64_t pushed_ = 0;
};

} // namespace distinfer::scaling
