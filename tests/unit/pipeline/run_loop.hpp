#pragma once

#include "distinfer/pipeline/rank_loop.hpp"
#include "distinfer/pipeline/root_loop.hpp"

namespace distinfer::test
{

/// A rank's loop, root's or another's, until it ends.
inline pipeline::Ending run_loop(pipeline::Job const& job, comm::Communicator& communicator, comm::Transport& transport,
                                 pipeline::Parts const& parts, pipeline::RootLoop::Progress progress = {})
{
    if (communicator.is_root())
        return pipeline::RootLoop{job, communicator, transport, parts, std::move(progress)}.run();
    return pipeline::RankLoop{job, communicator, transport, parts}.run();
}

} // namespace distinfer::test
