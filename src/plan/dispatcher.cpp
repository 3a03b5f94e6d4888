#include "distinfer/plan/dispatcher.hpp"

#include "distinfer/core/check.hpp"
#include "distinfer/core/narrow.hpp"

namespace distinfer::plan
{

Dispatcher::Dispatcher(std::uint64_t windows, int ranks, int slots, Schedule schedule)
    : schedule_(schedule), held_(narrow<std::size_t>(ranks), 0), left_(windows)
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

Shard& Dispatcher::shard_of(int rank)
{
    return schedule_ == Schedule::dynamic ? shards_.front() : shards_[narrow<std::size_t>(rank)];
}

std::optional<Assignment> Dispatcher::next()
{
    if (stopped_ || left_ == 0) return std::nullopt;
    while (!free_slots_.empty()) {
        int const rank = free_slots_.front();
        free_slots_.pop_front();
        Shard& shard = shard_of(rank);
        // A rank whose block is handed out needs its slot no more.
        if (shard.size() == 0) continue;
        --left_;
        ++in_flight_;
        ++held_[narrow<std::size_t>(rank)];
        return Assignment{shard.first++, rank};
    }
    return std::nullopt;
}

void Dispatcher::finished(int rank)
{
    int& held = held_[narrow<std::size_t>(rank)];
    expects(held > 0, "the rank to hold the window that it gives back");
    --held;
    --in_flight_;
    free_slots_.push_back(rank);
}

} // namespace distinfer::plan
