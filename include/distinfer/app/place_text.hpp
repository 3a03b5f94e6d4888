#pragma once

#include "distinfer/comm/launcher.hpp"
#include "distinfer/plan/binding.hpp"

#include <string>
#include <vector>

namespace distinfer::app
{

/// Lines that say which ranks run where: "ranks 0-3 on node1: cores 0-15, NUMA 0, cpu". Ranks of a node that have the
/// same share a line; of many nodes that are alike only the first is told. Pure.
std::vector<std::string> place_lines(std::vector<plan::RankPlace> const& places, plan::Binding const& binding);

/// What to say of ranks that their launcher bound to one core each though it could give them more, and with which of
/// its options it does; empty where there are none, or nobody knows who bound them. One message for the whole job.
/// Pure.
std::string bound_to_one_core(std::vector<plan::RankPlace> const& places, comm::Lookup const& lookup);

} // namespace distinfer::app
