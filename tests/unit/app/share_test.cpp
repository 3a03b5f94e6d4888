#include "distinfer/app/share.hpp"
#include "distinfer/comm/serial.hpp"

#include <gtest/gtest.h>

namespace distinfer::app
{

TEST(ShareTest, ARankAloneKeepsItsBytes)
{
    comm::SerialCommunicator alone;
    std::vector<std::byte> bytes(1000, std::byte{3});
    auto const* const address = bytes.data();
    auto const shared = share(alone, std::move(bytes));
    EXPECT_EQ(shared.get().data(), address);
    EXPECT_EQ(shared.get().size(), 1000U);
    EXPECT_EQ(shared.copies(), 1);
}

} // namespace distinfer::app
