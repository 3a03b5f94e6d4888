#pragma once

#include "distinfer/lane/device.hpp"

#include <string>

namespace distinfer::device
{

/// An accelerator of LibTorch's, with three streams of its own. What was put on its default stream before, as the
/// model's parameters were, is done. What LibTorch computes within compute() goes to the compute stream.
/// @param name as LibTorch names it ("cuda:1"); not "cpu", which has no streams
std::unique_ptr<lane::Device> open_device(std::string const& name);

} // namespace distinfer::device
