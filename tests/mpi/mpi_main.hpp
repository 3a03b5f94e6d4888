#pragma once

#include "distinfer/comm/communicator.hpp"
#include "distinfer/comm/transport.hpp"

namespace distinfer::test
{

/// The ranks that mpirun started for this test program. Every rank runs every test.
comm::Communicator& world();

/// A transport whose messages are short, so that windows travel in pieces.
comm::Transport& world_transport();

} // namespace distinfer::test
