#include "distinfer/lane/lane.hpp"

#include "distinfer/core/check.hpp"

#include <cstring>
#include <exception>

namespace distinfer::lane
{

namespace
{

/// What `to` is given from now on waits for what `from` was given until now.
void follow(Event& event, Stream from, Stream to)
{
    event.record(from);
    event.hold(to);
}

} // namespace

Lane::Lane(Device& device, std::mutex& turn)
    : device_(device), turn_(turn), copied_in_(device.event()), computed_(device.event()), copied_out_(device.event())
{}

void Lane::run(std::span<HostInput const> inputs, std::span<HostOutput const> outputs, Work const& work)
{
    make_room(inputs, outputs);
    try {
        copy_in(inputs);
        auto const results = compute(work);
        copy_out(outputs, results);
    } catch (...) {
        give_up();
        throw;
    }
}

/// @pre the device has nothing of a batch left to do
void Lane::make_room(std::span<HostInput const> inputs, std::span<HostOutput const> outputs)
{
    auto const grow = [](std::vector<Room>& rooms, auto const& tensors, auto const& allocate) {
        rooms.resize(tensors.size());
        for (std::size_t i = 0; i < tensors.size(); ++i)
            if (rooms[i].bytes < tensors[i].size())
                rooms[i] = {.memory = allocate(tensors[i].size()), .bytes = tensors[i].size()};
    };
    grow(staged_inputs_, inputs, [&](std::size_t bytes) { return device_.pinned(bytes); });
    grow(inputs_, inputs, [&](std::size_t bytes) { return device_.on_device(bytes); });
    grow(staged_outputs_, outputs, [&](std::size_t bytes) { return device_.pinned(bytes); });
}

void Lane::copy_in(std::span<HostInput const> inputs)
{
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        auto const bytes = inputs[i].size();
        if (bytes == 0) continue;
        auto* const staged = staged_inputs_[i].memory.get();
        std::memcpy(staged, inputs[i].data(), bytes);
        device_.copy(Stream::copy_in, inputs_[i].memory.get(), staged, bytes);
    }
}

std::vector<std::byte const*> Lane::compute(Work const& work)
{
    std::vector<std::byte*> inputs;
    for (auto const& room : inputs_) inputs.push_back(room.memory.get());
    std::vector<std::byte const*> results;

    std::lock_guard const lock{turn_};
    follow(*copied_in_, Stream::copy_in, Stream::compute);
    device_.compute([&] { results = work(inputs); });
    computed_->record(Stream::compute);
    return results;
}

void Lane::copy_out(std::span<HostOutput const> outputs, std::vector<std::byte const*> const& results)
{
    expects(results.size() == outputs.size(), "a result for each output");
    computed_->hold(Stream::copy_out);
    for (std::size_t i = 0; i < outputs.size(); ++i)
        if (!outputs[i].empty())
            device_.copy(Stream::copy_out, staged_outputs_[i].memory.get(), results[i], outputs[i].size());
    copied_out_->record(Stream::copy_out);
    copied_out_->wait();
    for (std::size_t i = 0; i < outputs.size(); ++i)
        if (!outputs[i].empty()) std::memcpy(outputs[i].data(), staged_outputs_[i].memory.get(), outputs[i].size());
}

/// Waits for whatever of the batch the device was given. What is wrong has been said by the error that is on its way.
void Lane::give_up() noexcept
{
    try {
        follow(*copied_in_, Stream::copy_in, Stream::compute);
        follow(*computed_, Stream::compute, Stream::copy_out);
        copied_out_->record(Stream::copy_out);
        copied_out_->wait();
    } catch (std::exception const&) {
        return; // a device that takes no more work does none
    }
}

} // namespace distinfer::lane
