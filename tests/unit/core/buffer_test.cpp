#include "distinfer/core/buffer_pool.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <thread>

namespace distinfer
{

TEST(BufferTest, IsAlignedAndKeepsItsMemoryWhenItShrinks)
{
    Buffer buffer{1000};
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer.data()) % 64, 0U);
    auto const* const before = buffer.data();
    buffer.resize(10);
    EXPECT_EQ(buffer.size(), 10U);
    buffer.resize(1000);
    EXPECT_EQ(buffer.data(), before);
}

TEST(BufferTest, MovedFromIsEmpty)
{
    Buffer first{10};
    Buffer const second{std::move(first)};
    EXPECT_EQ(first.size(), 0U);
    EXPECT_EQ(second.size(), 10U);
    first.resize(5);
    EXPECT_EQ(first.size(), 5U);
}

TEST(BufferPoolTest, LendsNoMoreThanItHas)
{
    BufferPool pool{2};
    auto first = pool.try_acquire(8);
    auto second = pool.try_acquire(8);
    EXPECT_FALSE(pool.try_acquire(8));
    first->give_back();
    EXPECT_TRUE(pool.try_acquire(8));
}

TEST(BufferPoolTest, ALoanEndsWithItsOwner)
{
    BufferPool pool{1};
    {
        PooledBuffer owner = *pool.acquire(8);
        PooledBuffer const next_owner{std::move(owner)};
        EXPECT_FALSE(pool.try_acquire(8));
    }
    EXPECT_TRUE(pool.try_acquire(8));
}

TEST(BufferPoolTest, AcquireWaitsForOneToComeBack)
{
    BufferPool pool{1};
    auto held = pool.acquire(8);
    std::size_t got = 0;
    std::jthread waiter{[&] { got = pool.acquire(16)->span().size(); }};
    held->give_back();
    waiter.join();
    EXPECT_EQ(got, 16U);
}

TEST(BufferPoolTest, CloseEndsTheWaitWithNothing)
{
    BufferPool pool{1};
    auto const held = pool.acquire(8);
    std::jthread waiter{[&] { EXPECT_FALSE(pool.acquire(8)); }};
    pool.close();
}

} // namespace distinfer
