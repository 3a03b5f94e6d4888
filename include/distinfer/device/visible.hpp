#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace distinfer::device
{

/// An accelerator that this process sees. What its library does not tell is empty or 0.
struct DeviceFacts
{
    std::string kind; ///< as LibTorch names it: "cuda", also for AMD's
    int number = 0;   ///< in LibTorch's order
    std::string uuid; ///< "GPU-...", "MIG-..."
    std::string bus;  ///< PCI bus id as Linux writes it, "0000:3b:00.0"
    std::string model;
    std::uint64_t memory_bytes = 0;
};

/// The accelerators that LibTorch sees in this process, in its order; none where it was built for the CPU. Nothing is
/// set up on them.
std::vector<DeviceFacts> visible_devices();

/// The compute capability of an NVIDIA GPU, 90 for 9.0; nothing where there is no driver or no such GPU.
/// @param number in LibTorch's order
std::optional<int> cuda_capability(int number);

} // namespace distinfer::device
