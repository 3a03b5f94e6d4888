#pragma once

#include <cstdint>

namespace distinfer::plan
{

/// Windows first .. last-1.
struct Shard
{
    std::uint64_t first = 0;
    std::uint64_t last = 0;

    std::uint64_t size() const noexcept { return last - first; }
    bool operator==(Shard const&) const = default;
};

/// The contiguous block of windows that a rank runs in the static schedule: sizes differ by one at most and the larger
/// ones come first, as with MPI_Scatterv. Pure. @pre 0 <= rank < ranks
Shard static_shard(std::uint64_t windows, int rank, int ranks);

} // namespace distinfer::plan
