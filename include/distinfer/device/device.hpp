#pragma once

#include "distinfer/config/choices.hpp"

#include <string>

namespace distinfer::device
{

/// The device that a rank computes on, as LibTorch names it ("cpu", "cuda:1"): the accelerator of that number among
/// those of the node where there is one, unless the choice is cpu.
/// @throws DeviceError where cuda is asked for and there is none, or there are fewer than ranks on the node
std::string choose_device(config::DeviceChoice choice, int rank_on_node);

} // namespace distinfer::device
