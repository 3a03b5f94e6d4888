#pragma once

#include "distinfer/config/choices.hpp"

#include <string>
#include <vector>

namespace distinfer::app
{

/// What decides which transports a rank can have.
struct TransportFacts
{
    std::string name;      ///< "rank 2 on node1"
    std::string device;    ///< "cpu", "cuda:1"
    std::string gpu;       ///< ranks that have one GPU say the same, and others do not; empty: the CPU
    bool has_nccl = false; ///< its build
};

/// What carries the windows: `auto` is nccl where there are several ranks, each has NCCL and a GPU of its own, and the
/// job would not go on after a loss anyhow, which NCCL cannot; else mpi. Pure: every rank finds the same.
/// @param survives_losses whether the job goes on without a rank that died
/// @returns mpi, gloo or nccl
/// @throws DeviceError, LaunchError where nccl is asked for and cannot be had
config::TransportChoice choose_transport(config::TransportChoice choice, std::vector<TransportFacts> const& ranks,
                                         bool survives_losses);

} // namespace distinfer::app
