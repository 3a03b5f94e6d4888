#include "distinfer/plan/dispatcher.hpp"

#include "distinfer/core/check.hpp"
#include "distinfer/core/narrow.hpp"

#include <algorithm>
#include <utility>

namespace distinfer::plan
{

Dispatcher::Dispatcher(std::uint64_t windows, int ranks, int slots, Schedule schedule)
    : schedule_(schedule), held_(narrow<std::size_t>(ranks)), lost_(narrow<std::size_t>(ranks), false), left_(windows)
{
    expects(ranks > 0 && slots > 0, "a rank and a slot");
    // Round by round, so that every rank has its first window before any has its second.
    for (int slot = 0; slot < slots; ++slot)
        for (int rank = 0; rank < ranks; ++rank) free_slots_.push_back(rank);
    if (schedule == Schedule::dynamic)
        shards_.push_back({0, windows});
    else
        for (int rank = 0; rank < ranks; ++rank) shards_.push_back(static_shard(windows, rank, ranks));
}

/// Where the rank's next window comes from: the shard of all; its own block; after that the block of one that is lost.
Shard* Dispatcher::shard_for(int rank)
{
    if (schedule_ == Schedule::dynamic) return shards_.front().size() > 0 ? &shards_.front() : nullptr;
    if (auto& own = shards_[narrow<std::size_t>(rank)]; own.size() > 0) return &own;
    for (std::size_t other = 0; any_lost_ && other < shards_.size(); ++other)
        if (lost_[other] && shards_[other].size() > 0) return &shards_[other];
    return nullptr;
}

std::optional<std::uint64_t> Dispatcher::take_for(int rank)
{
    if (!again_.empty()) {
        auto const window = again_.front();
        again_.pop_front();
        return window;
    }
    auto* const shard = shard_for(rank);
    if (!shard) return std::nullopt;
    return shard->first++;
}

std::optional<Assignment> Dispatcher::next()
{
    if (stopped_ || left_ == 0) return std::nullopt;
    while (!free_slots_.empty()) {
        int const rank = free_slots_.front();
        free_slots_.pop_front();
        if (is_lost(rank)) continue;
        auto const window = take_for(rank);
        if (!window) {
            idle_slots_.push_back(rank);
            continue;
        }
        --left_;
        ++in_flight_;
        held_[narrow<std::size_t>(rank)].push_back(*window);
        return Assignment{*window, rank};
    }
    return std::nullopt;
}

void Dispatcher::finished(Assignment assignment)
{
    auto& held = held_[narrow<std::size_t>(assignment.rank)];
    auto const found = std::ranges::find(held, assignment.window);
    expects(found != held.end(), "the rank to hold the window that it gives back");
    held.erase(found);
    --in_flight_;
    free_slots_.push_back(assignment.rank);
}

std::vector<std::uint64_t> Dispatcher::lost(int rank)
{
    any_lost_ = true;
    lost_[narrow<std::size_t>(rank)] = true;
    auto windows = std::exchange(held_[narrow<std::size_t>(rank)], {});
    in_flight_ -= windows.size();
    for (auto const window : windows) again(window);
    wake_idle();
    return windows;
}

void Dispatcher::again(std::uint64_t window)
{
    again_.push_back(window);
    ++left_;
    wake_idle();
}

void Dispatcher::wake_idle()
{
    free_slots_.insert(free_slots_.end(), idle_slots_.begin(), idle_slots_.end());
    idle_slots_.clear();
}

} // namespace distinfer::plan
