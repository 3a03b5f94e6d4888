#pragma once

#include "distinfer/comm/communicator.hpp"
#include "distinfer/comm/launcher.hpp"
#include "distinfer/config/config.hpp"
#include "distinfer/plan/binding.hpp"
#include "distinfer/report/run_report.hpp"

#include <string>
#include <vector>

namespace distinfer::app
{

/// Where every rank runs and what it sees there, by rank. GPUs are not looked for where run.device is cpu. Collective.
/// @throws AgreedError
std::vector<plan::RankPlace> gather_places(comm::Communicator& communicator, config::DeviceChoice choice);

/// What plan::assign_devices() makes of run.device and run.share_device.
plan::BindingOptions binding_options(config::RunConfig const& run);

/// The device of a rank as LibTorch names it.
std::string device_name(plan::Binding const& binding, int rank);

/// The map of ranks to cores and devices, for the report.
std::vector<report::RankReport> rank_reports(std::vector<plan::RankPlace> const& places, plan::Binding const& binding);

/// Tells people where ranks run, and warns of what makes them slow. For root.
void tell_places(std::vector<plan::RankPlace> const& places, plan::Binding const& binding, comm::Lookup const& lookup);

/// A rank's place as text, to be sent, and back.
std::string encode(plan::RankPlace const& place);
plan::RankPlace decode_rank_place(std::string const& text);

} // namespace distinfer::app
