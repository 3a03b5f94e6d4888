#include "distinfer/comm/serial.hpp"
#include "distinfer/core/error.hpp"

#include <gtest/gtest.h>

namespace distinfer::comm
{

TEST(SerialCommunicatorTest, IsAJobOfOne)
{
    SerialCommunicator alone;
    EXPECT_TRUE(alone.is_root());
    EXPECT_EQ(alone.size(), 1);
    EXPECT_EQ(alone.allgather("a"), std::vector<std::string>{"a"});
    EXPECT_FALSE(alone.poll());
    EXPECT_EQ(alone.node(), std::vector<int>{0});
    EXPECT_TRUE(alone.is_leader());
}

TEST(SerialCommunicatorTest, HasNobodyToSendTo)
{
    EXPECT_THROW(SerialCommunicator().send(0, "a"), InternalError);
    EXPECT_THROW(SerialTransport().send(0, {}), InternalError);
}

} // namespace distinfer::comm
