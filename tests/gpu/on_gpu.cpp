#include "gpu/on_gpu.hpp"

#include <ATen/DeviceAccelerator.h>

#include <cstdlib>

namespace distinfer::test
{

namespace
{

/// Why there is no GPU; empty where there is one.
std::string why_none()
{
    try {
        if (!at::getAccelerator(false)) return "LibTorch finds no GPU and driver";
        return at::accelerator::deviceCount() > 0 ? "" : "no GPU is visible";
    } catch (std::exception const& error) {
        return error.what();
    }
}

/// What DIST_INFER_TEST_GPU says of the GPU.
std::string wanted()
{
    char const* const value = std::getenv("DIST_INFER_TEST_GPU");
    return value ? value : "";
}

} // namespace

std::string gpu_device()
{
    return wanted() == "simulated" ? "cpu" : "cuda";
}

void OnGpu::SetUp()
{
    auto const why = why_none();
    if (why.empty() || gpu_device() == "cpu") return;
    if (wanted() == "required") FAIL() << "there is no GPU: " << why;
    GTEST_SKIP() << "skipped: " << why;
}

} // namespace distinfer::test
