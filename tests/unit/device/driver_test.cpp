#include "driver.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace distinfer::device
{

namespace
{

using Uuid = std::array<unsigned char, 16>;

constexpr Uuid bytes{0x5a, 0x3c, 0x00, 0xff, 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 0x01, 0x02, 0x03, 0x04};

} // namespace

TEST(DriverTest, WritesUuidsAsNvidiaSmiDoes)
{
    EXPECT_EQ(uuid_text(bytes, "NVIDIA H100 80GB HBM3"), "GPU-5a3c00ff-1234-5678-9abc-def001020304");
    EXPECT_EQ(uuid_text(bytes, "NVIDIA A100-SXM4-40GB MIG 1g.5gb"), "MIG-5a3c00ff-1234-5678-9abc-def001020304");
}

TEST(DriverTest, WritesUuidsThatAreTextAsTheyAre)
{
    Uuid letters{};
    std::ranges::copy(std::string_view{"0123456789abcdef"}, letters.begin());
    EXPECT_EQ(uuid_text(letters, "AMD Instinct MI250X"), "GPU-0123456789abcdef");
}

TEST(DriverTest, NoUuidIsNoText)
{
    EXPECT_EQ(uuid_text({}, "NVIDIA H100"), "");
}

TEST(DriverTest, WritesBusIdsAsLinuxDoes)
{
    EXPECT_EQ(bus_text("0000:3B:00.0"), "0000:3b:00.0");
}

TEST(DriverTest, WithoutADriverNothingIsTold)
{
    DeviceFacts device{.kind = "cuda", .number = 1000};
    ask_driver(device);
    EXPECT_EQ(device.bus, "");
    EXPECT_EQ(device.uuid, "");
    EXPECT_EQ(device.memory_bytes, 0U);
}

} // namespace distinfer::device
