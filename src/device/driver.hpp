#pragma once

#include "distinfer/device/visible.hpp"

#include <array>
#include <string>
#include <string_view>

namespace distinfer::device
{

/// Fills in what the driver tells of a device, where a driver is there.
void ask_driver(DeviceFacts& device);

/// A UUID as tools print it. NVIDIA's is 16 bytes, AMD's 16 letters.
std::string uuid_text(std::array<unsigned char, 16> const& bytes, std::string_view model);

/// A bus id as Linux writes it: "0000:3B:00.0" becomes "0000:3b:00.0".
std::string bus_text(std::string_view bus);

} // namespace distinfer::device
