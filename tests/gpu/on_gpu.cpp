#include "gpu/on_gpu.hpp"

#include <ATen/DeviceAccelerator.h>

#include <cstdlib>
#include <string>

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

} // namespace

void OnGpu::SetUp()
{
    auto const why = why_none();
    if (why.empty()) return;
    char const* const wanted = std::getenv("DIST_INFER_TEST_GPU");
    if (wanted && std::string{wanted} == "required") FAIL() << "there is no GPU: " << why;
    GTEST_SKIP() << "skipped: " << why;
}

} // namespace distinfer::test
