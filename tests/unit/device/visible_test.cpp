#include "distinfer/device/visible.hpp"

#include <gtest/gtest.h>

namespace distinfer::device
{

/// Where there are any.
TEST(VisibleDevicesTest, AreNumberedAsLibTorchDoesAndAllKnown)
{
    auto const devices = visible_devices();
    for (std::size_t i = 0; i < devices.size(); ++i) {
        EXPECT_EQ(devices[i].number, static_cast<int>(i));
        EXPECT_FALSE(devices[i].bus.empty());
        EXPECT_FALSE(devices[i].uuid.empty());
        EXPECT_GT(devices[i].memory_bytes, 0U);
    }
}

TEST(VisibleDevicesTest, AreLookedForInSilence)
{
    testing::internal::CaptureStderr();
    auto const devices = visible_devices();
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "") << devices.size() << " devices";
}

} // namespace distinfer::device
