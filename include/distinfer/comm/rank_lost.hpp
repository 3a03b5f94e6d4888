#pragma once

#include "distinfer/core/error.hpp"

namespace distinfer::comm
{

/// A rank has died, and what was begun with it cannot be ended. The survivors go on with a communicator of their own
/// (comm/mpi_ranks.hpp). Only thrown where MPI can do that.
class RankLost : public ErrorOf<ExitCode::interrupted>
{
  public:
    using ErrorOf::ErrorOf;
};

} // namespace distinfer::comm
