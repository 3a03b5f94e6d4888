#include "distinfer/core/queue.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace distinfer
{

TEST(QueueTest, GivesItemsInOrder)
{
    Queue<int> queue;
    for (int i = 0; i < 3; ++i) queue.push(i);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(queue.pop(), i);
    EXPECT_EQ(queue.try_pop(), std::nullopt);
}

TEST(QueueTest, PopWaitsForAPush)
{
    Queue<int> queue;
    std::jthread producer{[&] { queue.push(7); }};
    EXPECT_EQ(queue.pop(), 7);
}

TEST(QueueTest, CloseEndsTheWait)
{
    Queue<int> queue;
    std::jthread closer{[&] { queue.close(); }};
    EXPECT_EQ(queue.pop(), std::nullopt);
}

} // namespace distinfer
