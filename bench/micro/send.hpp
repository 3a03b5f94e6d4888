#pragma once

#include "benchmarks.hpp"
#include "distinfer/comm/communicator.hpp"
#include "distinfer/comm/transport.hpp"

#include <cstddef>

namespace distinfer::bench
{

/// The two ranks that mpirun has started, as the program's own loops have them.
struct Ranks
{
    comm::Communicator& communicator;
    comm::Transport& transport;
};

/// Windows of one other rank: as many as run.credits gives it.
constexpr std::size_t slots = 3;

/// What rank 0 has rank 1 do.
struct Order
{
    enum class Kind {
        pipeline, ///< take windows as RankLoop does, until a note says to stop
        plain,    ///< MPI_Recv of `windows` of `bytes`
        stop,
    };

    Kind kind = Kind::stop;
    std::uint64_t windows = 0;
    std::uint64_t bytes = 0;
};

/// Registers the benchmarks of rank 0.
void add_send(Settings const& settings, Ranks const& ranks);

/// What rank 1 does, until it is stopped.
void serve(Ranks const& ranks);

/// Ends rank 1's serve().
void stop_serving();

} // namespace distinfer::bench
