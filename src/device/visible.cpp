#include "distinfer/device/visible.hpp"

#include "driver.hpp"

#include <ATen/DeviceAccelerator.h>
#include <c10/core/Device.h>

namespace distinfer::device
{

std::vector<DeviceFacts> visible_devices()
{
    auto const type = at::getAccelerator(false);
    std::vector<DeviceFacts> devices;
    if (!type) return devices;
    for (int number = 0; number < at::accelerator::deviceCount(); ++number)
        ask_driver(devices.emplace_back(DeviceFacts{.kind = c10::DeviceTypeName(*type, true), .number = number}));
    return devices;
}

} // namespace distinfer::device
