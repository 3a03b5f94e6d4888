#include "support/fake_device.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace distinfer::test
{

class FakeEvent : public lane::Event
{
  public:
    explicit FakeEvent(FakeDevice& device) : device_(device) {}

    void record(lane::Stream stream) override
    {
        stream_ = stream;
        mark_ = device_.mark(stream);
    }
    void hold(lane::Stream stream) override { device_.hold({stream_, stream}, mark_); }
    void wait() override { device_.wait({stream_, std::nullopt}, *mark_); }

  private:
    FakeDevice& device_;
    lane::Stream stream_ = lane::Stream::copy_in;
    std::shared_ptr<FakeDevice::Mark> mark_;
};

FakeDevice::FakeDevice(std::uint64_t seed, std::optional<Wait> ignored)
    : random_(seed), ignored_(ignored), haste_(draw(4))
{}

std::unique_ptr<lane::Event> FakeDevice::event()
{
    return std::make_unique<FakeEvent>(*this);
}

lane::Memory FakeDevice::allocate(std::size_t bytes)
{
    std::lock_guard const lock{mutex_};
    std::vector block(bytes, std::byte{0xA5});
    auto* const begin = block.data();
    memory_[begin].bytes = std::move(block);
    return {begin, [this](std::byte* freed) {
                std::lock_guard const guard{mutex_};
                memory_.at(freed).is_freed = true;
            }};
}

void FakeDevice::copy(lane::Stream stream, std::byte* to, std::byte const* from, std::size_t bytes)
{
    std::lock_guard const lock{mutex_};
    ++copies_;
    give(stream, {.after = {}, .uses = {{to, bytes}, {from, bytes}}, .action = [=] { std::memcpy(to, from, bytes); }});
}

void FakeDevice::launch(std::vector<Use> uses, std::function<void()> kernel)
{
    std::lock_guard const lock{mutex_};
    give(lane::Stream::compute, {.after = {}, .uses = std::move(uses), .action = std::move(kernel)});
}

void FakeDevice::finish()
{
    std::lock_guard const lock{mutex_};
    while (step()) {
    }
}

std::set<Wait> FakeDevice::waits() const
{
    std::lock_guard const lock{mutex_};
    return waits_;
}

int FakeDevice::allocations() const
{
    std::lock_guard const lock{mutex_};
    return static_cast<int>(memory_.size());
}

int FakeDevice::copies_given() const
{
    std::lock_guard const lock{mutex_};
    return copies_;
}

int FakeDevice::uses_of_freed_memory() const
{
    std::lock_guard const lock{mutex_};
    return uses_of_freed_memory_;
}

void FakeDevice::give(lane::Stream stream, Operation operation)
{
    streams_.at(static_cast<std::size_t>(stream)).push_back(std::move(operation));
    for (int left = draw(haste_ + 1); left > 0 && step(); --left) {
    }
}

std::shared_ptr<FakeDevice::Mark> FakeDevice::mark(lane::Stream stream)
{
    std::lock_guard const lock{mutex_};
    auto mark = std::make_shared<Mark>();
    give(stream, {.after = {}, .uses = {}, .action = [mark] { mark->reached = true; }});
    return mark;
}

void FakeDevice::hold(Wait wait, std::shared_ptr<Mark> mark)
{
    std::lock_guard const lock{mutex_};
    waits_.insert(wait);
    if (wait != ignored_) give(*wait.by, {.after = std::move(mark), .uses = {}, .action = [] {}});
}

void FakeDevice::wait(Wait wait, Mark const& mark)
{
    for (;;) {
        std::lock_guard const lock{mutex_};
        waits_.insert(wait);
        if (wait == ignored_ || mark.reached) return;
        if (!step()) throw std::logic_error("a wait for what nobody does");
    }
}

/// Does the first operation of a stream that may go on. Whether there was one.
bool FakeDevice::step()
{
    std::vector<std::deque<Operation>*> ready;
    for (auto& stream : streams_)
        if (!stream.empty() && (!stream.front().after || stream.front().after->reached)) ready.push_back(&stream);
    if (ready.empty()) return false;
    auto& stream = *ready.at(static_cast<std::size_t>(draw(static_cast<int>(ready.size()))));
    auto const operation = std::move(stream.front());
    stream.pop_front();
    if (std::ranges::all_of(operation.uses, [&](Use use) { return may_use(use); }))
        operation.action();
    else
        ++uses_of_freed_memory_;
    return true;
}

/// Of memory that is not the device's it knows nothing.
bool FakeDevice::may_use(Use use) const
{
    auto const after = memory_.upper_bound(use.data());
    if (after == memory_.begin()) return true;
    auto const& [begin, block] = *std::prev(after);
    auto const* const end = begin + block.bytes.size();
    return use.data() >= end || (!block.is_freed && use.data() + use.size() <= end);
}

int FakeDevice::draw(int less_than)
{
    return std::uniform_int_distribution{0, less_than - 1}(random_);
}

} // namespace distinfer::test
