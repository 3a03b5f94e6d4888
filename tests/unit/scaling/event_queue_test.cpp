#include "scaling/event_queue.hpp"

#include <gtest/gtest.h>

namespace distinfer::scaling
{

TEST(EventQueueTest, EventsHappenByTimeAndThoseOfOneTimeInTheOrderInWhichTheyWerePutIn)
{
    EventQueue<char> events;
    events.push(2, 'd');
    events.push(1, 'a');
    events.push(3, 'f');
    events.push(1, 'b');
    events.push(2, 'e');
    events.push(1, 'c');
    std::string order;
    double last = 0;
    while (!events.empty()) {
        auto const [time, what] = events.pop();
        EXPECT_GE(time, last);
        last = time;
        order += what;
    }
    EXPECT_EQ(order, "abcdef");
}

TEST(EventQueueTest, WhatIsPutInLaterMayHappenEarlier)
{
    EventQueue<int> events;
    events.push(5, 1);
    events.push(7, 2);
    EXPECT_EQ(events.pop(), (std::pair{5.0, 1}));
    events.push(6, 3);
    EXPECT_EQ(events.pop(), (std::pair{6.0, 3}));
    EXPECT_EQ(events.pop(), (std::pair{7.0, 2}));
}

} // namespace distinfer::scaling
