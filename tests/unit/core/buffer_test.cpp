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

TEST(BufferPoolTest, LendsNoMoreThanItHas)
{
    BufferPool pool{2};
    auto first = pool.try_acquire(8);
    auto second = pool.try_acquire(8);
    EXPECT_FALSE(pool.try_acquire(8));
    pool.release(std::move(*first));
    EXPECT_TRUE(pool.try_acquire(8));
}

TEST(BufferPoolTest, AcquireWaitsForARelease)
{
    BufferPool pool{1};
    auto held = pool.acquire(8);
    std::optional<Buffer> got;
    std::jthread waiter{[&] { got = pool.acquire(16); }};
    pool.release(std::move(*held));
    waiter.join();
    ASSERT_TRUE(got);
    EXPECT_EQ(got->size(), 16U);
}

TEST(BufferPoolTest, CloseWakesWaitersWithNothing)
{
    BufferPool pool{1};
    auto held = pool.acquire(8);
    std::jthread waiter{[&] { EXPECT_FALSE(pool.acquire(8)); }};
    pool.close();
}

} // namespace distinfer
