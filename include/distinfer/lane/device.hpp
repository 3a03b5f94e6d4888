#pragma once

#include <cstddef>
#include <functional>
#include <memory>

/// A device that works beside the host, as little as has to be known of it to move rows there and back.
namespace distinfer::lane
{

/// What a stream is given is done in that order. Between streams there is no order but that of events.
enum class Stream { copy_in, compute, copy_out };

constexpr std::size_t streams = 3;

/// A point in the work of a stream, which others can wait for. One thread at a time.
class Event
{
  public:
    virtual ~Event() = default;

    /// From now on the event is that all is done which the stream was given until now.
    virtual void record(Stream stream) = 0;

    /// What the stream is given from now on waits for the event. @pre it was recorded
    virtual void hold(Stream stream) = 0;

    /// The calling thread waits for the event, and leaves its core to others meanwhile. @pre it was recorded
    virtual void wait() = 0;
};

/// Memory and who frees it. It is not freed while something that a stream was given still uses it.
using Memory = std::unique_ptr<std::byte, std::function<void(std::byte*)>>;

/// One device. Thread-safe, and outlives its memory and events. What fails throws what the device's library throws, at
/// once or in a later call.
class Device
{
  public:
    virtual ~Device() = default;

    /// Host memory that copies can use while the host does something else.
    virtual Memory pinned(std::size_t bytes) = 0;

    /// Device memory, aligned as the device likes it best.
    virtual Memory on_device(std::size_t bytes) = 0;

    virtual std::unique_ptr<Event> event() = 0;

    /// Gives copy_in a copy from pinned memory to the device, or copy_out one back; returns at once.
    virtual void copy(Stream stream, std::byte* to, std::byte const* from, std::size_t bytes) = 0;

    /// Calls `work`, on this thread; what that gives the device goes to the compute stream.
    virtual void compute(std::function<void()> const& work) = 0;
};

} // namespace distinfer::lane
