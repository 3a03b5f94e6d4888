#include "distinfer/device/device.hpp"

#include "distinfer/core/error.hpp"

#include <ATen/DeviceAccelerator.h>
#include <c10/core/Device.h>

namespace distinfer::device
{

namespace
{

int visible_accelerators()
{
    return at::getAccelerator(false) ? static_cast<int>(at::accelerator::deviceCount()) : 0;
}

} // namespace

std::string choose_device(config::DeviceChoice choice, int rank_on_node)
{
    if (choice == config::DeviceChoice::cpu) return "cpu";
    int const devices = visible_accelerators();
    if (devices == 0 && choice == config::DeviceChoice::automatic) return "cpu";
    if (devices == 0)
        throw DeviceError("no GPU is visible to this rank", "LibTorch finds none, or was built for the CPU",
                          "set run.device: cpu, or use the gpu build on a node with a GPU");
    // Some launchers show every rank one device of its own.
    int const index = devices == 1 ? 0 : rank_on_node;
    if (index >= devices)
        throw DeviceError("there are more ranks on this node than GPUs",
                          std::to_string(devices) + " GPUs are visible to it", "start one rank for each GPU");
    return c10::DeviceTypeName(*at::getAccelerator(true), true) + ":" + std::to_string(index);
}

} // namespace distinfer::device
