#include "distinfer/core/error.hpp"
#include "distinfer/device/device.hpp"

#include <gtest/gtest.h>

namespace distinfer::device
{

TEST(DeviceTest, TheCpuIsAlwaysThere)
{
    EXPECT_EQ(choose_device(config::DeviceChoice::cpu, 5), "cpu");
}

TEST(DeviceTest, WithoutAnAcceleratorAutoIsTheCpuAndCudaAnError)
{
    if (choose_device(config::DeviceChoice::automatic, 0) != "cpu") GTEST_SKIP() << "skipped: this machine has a GPU";
    EXPECT_EQ(choose_device(config::DeviceChoice::automatic, 1), "cpu");
    EXPECT_THROW(choose_device(config::DeviceChoice::cuda, 0), DeviceError);
}

} // namespace distinfer::device
