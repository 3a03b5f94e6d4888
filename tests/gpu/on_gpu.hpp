#pragma once

#include <gtest/gtest.h>

#include <string>

namespace distinfer::test
{

/// A test that needs a GPU. Where none is found it is skipped, with the reason; it fails where DIST_INFER_TEST_GPU is
/// "required", as on a machine that was got for its GPU. With "simulated" it runs on the CPU: that tries the test, and
/// tells nothing of a GPU.
class OnGpu : public testing::Test
{
  protected:
    void SetUp() override;
};

/// "cuda", and "cpu" where it is simulated.
std::string gpu_device();

/// Skips the rest of a test that a CPU cannot stand in for.
#define ON_A_REAL_GPU                                                                                                  \
    if (gpu_device() == "cpu") GTEST_SKIP() << "skipped: the GPU is simulated"

} // namespace distinfer::test
