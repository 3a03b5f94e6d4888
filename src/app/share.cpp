#include "distinfer/app/share.hpp"

#include "distinfer/app/agree.hpp"
#include "distinfer/core/log.hpp"
#include "distinfer/core/narrow.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace distinfer::app
{

namespace
{

/// Whether a step that may fail did so on no rank; root warns otherwise. Collective.
bool succeeded(comm::Communicator& communicator, std::function<void()> const& step)
{
    std::string why;
    try {
        step();
    } catch (OutputError const& error) {
        why = error.what();
    }
    auto const all = communicator.allgather(why);
    auto const failed = std::ranges::find_if(all, [](auto const& text) { return !text.empty(); });
    if (failed == all.end()) return true;
    if (communicator.is_root())
        log::warning("rank " + std::to_string(failed - all.begin()) + ": " + *failed + "; every rank gets a copy");
    return false;
}

int count_nodes(comm::Communicator& communicator)
{
    auto const leaders = communicator.allgather(communicator.is_leader() ? "1" : "");
    return narrow<int>(std::ranges::count(leaders, "1"));
}

SharedBytes copy_to_all(comm::Communicator& communicator, std::vector<std::byte> bytes)
{
    communicator.broadcast(bytes, 0);
    return SharedBytes{std::move(bytes), communicator.size()};
}

/// The leader's memory, filled with root's bytes; or nothing, on all ranks.
std::optional<file::SharedMemory> share_on_nodes(comm::Communicator& communicator, std::span<std::byte const> bytes,
                                                 std::size_t size)
{
    std::optional<file::SharedMemory> memory;
    if (!succeeded(communicator, [&] {
            if (communicator.is_leader()) memory.emplace(size);
        }))
        return std::nullopt;
    if (communicator.is_leader()) {
        std::ranges::copy(bytes, memory->bytes().begin());
        communicator.broadcast_to_leaders(memory->bytes());
    }
    auto const addresses = communicator.allgather(memory ? memory->address() : "");
    auto const leader = narrow<std::size_t>(communicator.node().front());
    if (!succeeded(communicator, [&] {
            if (!communicator.is_leader()) memory.emplace(addresses.at(leader));
        }))
        return std::nullopt;
    return memory;
}

} // namespace

SharedBytes share(comm::Communicator& communicator, std::vector<std::byte> bytes)
{
    int const nodes = count_nodes(communicator);
    if (nodes == communicator.size()) return copy_to_all(communicator, std::move(bytes));
    auto const size = std::stoull(broadcast_text(communicator, std::to_string(bytes.size())));
    if (auto shared = share_on_nodes(communicator, bytes, size)) return SharedBytes{std::move(*shared), nodes};
    return copy_to_all(communicator, std::move(bytes));
}

} // namespace distinfer::app
