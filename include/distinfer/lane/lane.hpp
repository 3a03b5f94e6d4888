#pragma once

#include "distinfer/lane/device.hpp"

#include <mutex>
#include <span>
#include <vector>

namespace distinfer::lane
{

using HostInput = std::span<std::byte const>;
using HostOutput = std::span<std::byte>;

/// Gives the compute stream what a batch has to do. Gets the inputs in device memory; says where in device memory each
/// output will be: memory that stays until Lane::run has ended.
using Work = std::function<std::vector<std::byte const*>(std::span<std::byte* const> inputs)>;

/// The way of one batch at a time to a device and back. While the batch of one lane is computed, those of others are
/// copied; so it takes several lanes, each with a thread of its own, to keep a device busy.
///
/// Its buffers are used for batch after batch, and grow where one needs more. One thread at a time.
class Lane
{
  public:
    /// Both must outlive it. @param turn held by whoever gives the compute stream work: one batch after the other
    Lane(Device& device, std::mutex& turn);

    /// Runs a batch: copies the inputs to the device, calls `work` when it is this lane's turn, and copies what that
    /// names into the outputs. The device has nothing of the batch left to do when it returns, or throws.
    /// @throws what `work` or the device throws
    void run(std::span<HostInput const> inputs, std::span<HostOutput const> outputs, Work const& work);

  private:
    /// Memory that is used again.
    struct Room
    {
        Memory memory;
        std::size_t bytes = 0;
    };

    void make_room(std::span<HostInput const> inputs, std::span<HostOutput const> outputs);
    void copy_in(std::span<HostInput const> inputs);
    std::vector<std::byte const*> compute(Work const& work);
    void copy_out(std::span<HostOutput const> outputs, std::vector<std::byte const*> const& results);
    void give_up() noexcept;

    Device& device_;
    std::mutex& turn_;
    std::vector<Room> staged_inputs_; ///< pinned
    std::vector<Room> inputs_;        ///< on the device
    std::vector<Room> staged_outputs_;
    std::unique_ptr<Event> copied_in_;
    std::unique_ptr<Event> computed_;
    std::unique_ptr<Event> copied_out_;
};

} // namespace distinfer::lane
