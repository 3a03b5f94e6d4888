#pragma once

#include "distinfer/lane/device.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <vector>

namespace distinfer::test
{

/// A wait for what a stream was given: by another stream, or by the host.
struct Wait
{
    lane::Stream for_what = lane::Stream::copy_in;
    std::optional<lane::Stream> by;

    auto operator<=>(Wait const&) const = default;
};

/// A device that does what its streams are given late, and in an order that is drawn by a seed among those that streams
/// and events allow. A copy reads when it is done, not when it is given; fresh memory holds nonsense; what uses memory
/// that was freed is counted and left undone. So whoever forgets to wait sees it, on one thread in the same way for the
/// same seed.
class FakeDevice : public lane::Device
{
  public:
    /// @param ignored a wait that waits for nothing
    explicit FakeDevice(std::uint64_t seed, std::optional<Wait> ignored = std::nullopt);

    lane::Memory pinned(std::size_t bytes) override { return allocate(bytes); }
    lane::Memory on_device(std::size_t bytes) override { return allocate(bytes); }
    std::unique_ptr<lane::Event> event() override;
    void copy(lane::Stream stream, std::byte* to, std::byte const* from, std::size_t bytes) override;
    void compute(std::function<void()> const& work) override { work(); }

    using Use = std::span<std::byte const>;

    /// Gives the compute stream a kernel. @param uses all memory that it reads or writes
    void launch(std::vector<Use> uses, std::function<void()> kernel);

    /// Does all that is left.
    void finish();

    /// The kinds of waits that there were, the ignored one included.
    std::set<Wait> waits() const;

    int allocations() const;
    int copies_given() const;
    int uses_of_freed_memory() const;

  private:
    friend class FakeEvent;

    /// Whether what was given before has been done.
    struct Mark
    {
        bool reached = false;
    };

    struct Operation
    {
        std::shared_ptr<Mark> after; ///< what it waits for, if anything
        std::vector<Use> uses;
        std::function<void()> action;
    };

    struct Block
    {
        std::vector<std::byte> bytes;
        bool is_freed = false;
    };

    lane::Memory allocate(std::size_t bytes);
    void give(lane::Stream stream, Operation operation);
    std::shared_ptr<Mark> mark(lane::Stream stream);
    void hold(Wait wait, std::shared_ptr<Mark> mark);
    void wait(Wait wait, Mark const& mark);
    bool step();
    bool may_use(Use use) const;
    int draw(int less_than);

    mutable std::mutex mutex_; ///< of all below; operations are done under it
    std::mt19937_64 random_;
    std::optional<Wait> ignored_;
    int haste_; ///< up to so many operations are done whenever one is given
    std::array<std::deque<Operation>, lane::streams> streams_;
    std::map<std::byte const*, Block> memory_; ///< freed only at the end, so that no address comes again
    std::set<Wait> waits_;
    int copies_ = 0;
    int uses_of_freed_memory_ = 0;
};

} // namespace distinfer::test
