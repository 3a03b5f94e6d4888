#include "distinfer/plan/shard.hpp"

#include "distinfer/core/check.hpp"

#include <algorithm>

namespace distinfer::plan
{

Shard static_shard(std::uint64_t windows, int rank, int ranks)
{
    expects(0 <= rank && rank < ranks, "a rank of the communicator");
    auto const r = static_cast<std::uint64_t>(rank);
    auto const p = static_cast<std::uint64_t>(ranks);
    std::uint64_t const share = windows / p;
    std::uint64_t const larger = windows % p;
    std::uint64_t const first = r * share + std::min(r, larger);
    return {first, first + share + (r < larger ? 1 : 0)};
}

} // namespace distinfer::plan
