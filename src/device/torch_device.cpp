#include "distinfer/device/torch_device.hpp"

#include "distinfer/core/narrow.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/Event.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

namespace distinfer::device
{

namespace
{

using lane::Memory;
using lane::Stream;

/// LibTorch's own streams of a device, for what a lane calls them.
class Streams
{
  public:
    explicit Streams(c10::Device device) : device_(device), guard_(device.type())
    {
        guard_.synchronizeStream(guard_.getDefaultStream(device));
        for (std::size_t i = 0; i < lane::streams; ++i) streams_.push_back(guard_.getNewStream(device));
    }

    /// The calling thread is on the device from now on. Where it began on another one, LibTorch would go back to that
    /// one after every call, and take memory there.
    c10::Stream operator[](Stream stream) const
    {
        guard_.setDevice(device_);
        return streams_.at(static_cast<std::size_t>(stream));
    }

    /// Whether the device still does what it is given.
    bool take_work() const noexcept
    {
        try {
            static_cast<void>(guard_.queryStream(streams_.front()));
            return true;
        } catch (std::exception const&) {
            return false;
        }
    }

  private:
    c10::Device device_;
    c10::impl::VirtualGuardImpl guard_;
    std::vector<c10::Stream> streams_;
};

class TorchEvent : public lane::Event
{
  public:
    TorchEvent(c10::DeviceType type, Streams const& streams) : event_(type), streams_(streams) {}

    void record(Stream stream) override { event_.record(streams_[stream]); }
    void hold(Stream stream) override { event_.block(streams_[stream]); }

    /// LibTorch's own wait may spin, and a rank decodes and copies on the cores that it would take.
    void wait() override
    {
        using namespace std::chrono_literals;
        for (auto pause = 10us; !event_.query(); pause = std::min(2 * pause, 200us)) std::this_thread::sleep_for(pause);
    }

  private:
    c10::Event event_;
    Streams const& streams_;
};

at::TensorOptions bytes_on(c10::Device device)
{
    return at::TensorOptions{device}.dtype(at::kByte);
}

/// A tensor's memory, which holds the tensor. On a device that takes no more work, after a kernel has failed, it is
/// never freed: LibTorch would throw where nobody can catch it.
Memory memory_of(at::Tensor tensor, Streams const& streams)
{
    auto* const bytes = static_cast<std::byte*>(tensor.data_ptr());
    return {bytes, [held = std::make_unique<at::Tensor>(std::move(tensor)).release(), &streams](std::byte*) {
                std::unique_ptr<at::Tensor> owned{held};
                if (!streams.take_work()) static_cast<void>(owned.release());
            }};
}

class TorchDevice : public lane::Device
{
  public:
    explicit TorchDevice(c10::Device device) : device_(device), streams_(device) {}

    Memory pinned(std::size_t bytes) override
    {
        return memory_of(at::empty(narrow<std::int64_t>(bytes), bytes_on(c10::kCPU).pinned_memory(true)), streams_);
    }

    Memory on_device(std::size_t bytes) override
    {
        // What LibTorch gives out again is free in the order of the stream that had it: it has to be the first to
        // write.
        c10::StreamGuard const guard{streams_[Stream::copy_in]};
        return memory_of(at::empty(narrow<std::int64_t>(bytes), bytes_on(device_)), streams_);
    }

    std::unique_ptr<lane::Event> event() override { return std::make_unique<TorchEvent>(device_.type(), streams_); }

    void copy(Stream stream, std::byte* to, std::byte const* from, std::size_t bytes) override
    {
        c10::StreamGuard const guard{streams_[stream]};
        bool const is_in = stream == Stream::copy_in;
        auto const tensor = [&](std::byte* data, c10::Device device) {
            return at::for_blob(data, {narrow<std::int64_t>(bytes)})
                .options(bytes_on(device))
                .target_device(device)
                .make_tensor();
        };
        // LibTorch wants a mutable pointer; it is only read from.
        tensor(to, is_in ? device_ : c10::kCPU)
            .copy_(tensor(const_cast<std::byte*>(from), is_in ? c10::kCPU : device_), true);
    }

    void compute(std::function<void()> const& work) override
    {
        c10::StreamGuard const guard{streams_[Stream::compute]};
        work();
    }

  private:
    c10::Device device_;
    Streams streams_;
};

} // namespace

std::unique_ptr<lane::Device> open_device(std::string const& name)
{
    return std::make_unique<TorchDevice>(c10::Device{name});
}

} // namespace distinfer::device
