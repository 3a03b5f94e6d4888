#include "distinfer/lane/lanes.hpp"

#include "distinfer/core/check.hpp"
#include "distinfer/core/narrow.hpp"

namespace distinfer::lane
{

Lanes::Lanes(Device& device, int count)
{
    expects(count > 0, "a lane");
    lanes_.reserve(narrow<std::size_t>(count));
    for (int i = 0; i < count; ++i) lanes_.emplace_back(device, turn_);
    for (auto& lane : lanes_) free_.push_back(&lane);
}

void Lanes::run(std::span<HostInput const> inputs, std::span<HostOutput const> outputs, Work const& work)
{
    take()->run(inputs, outputs, work);
}

std::unique_ptr<Lane, Lanes::GiveBack> Lanes::take()
{
    std::unique_lock lock{mutex_};
    freed_.wait(lock, [&] { return !free_.empty(); });
    std::unique_ptr<Lane, GiveBack> lane{free_.back(), {this}};
    free_.pop_back();
    return lane;
}

void Lanes::GiveBack::operator()(Lane* lane) const noexcept
{
    {
        std::lock_guard const lock{lanes->mutex_};
        lanes->free_.push_back(lane);
    }
    lanes->freed_.notify_one();
}

} // namespace distinfer::lane
