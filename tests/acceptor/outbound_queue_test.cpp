#include "acceptor/outbound_queue.hpp"

#include <gtest/gtest.h>

namespace tradehive::acceptor {
namespace {

TEST(OutboundQueue, gives_bytes_in_order_and_counts_them) {
    OutboundQueue queue;
    queue.push("one ");
    queue.push("two");
    EXPECT_EQ(queue.waiting(), 7U);
    EXPECT_EQ(queue.take(100), "one two");
    EXPECT_EQ(queue.waiting(), 0U);
    EXPECT_EQ(queue.take(100), "");
}

TEST(OutboundQueue, holds_an_answer_and_all_behind_it_until_its_number_is_durable) {
    OutboundQueue queue;
    queue.push("before ");
    queue.push("answer to 5 ", 5);
    queue.push("behind");
    EXPECT_FALSE(queue.held());
    EXPECT_EQ(queue.take(100), "before ");
    EXPECT_TRUE(queue.held());
    EXPECT_EQ(queue.take(100), "");
    queue.release(4);
    EXPECT_EQ(queue.take(100), "");
    queue.release(5);
    EXPECT_EQ(queue.take(100), "answer to 5 behind");
}

TEST(OutboundQueue, a_higher_number_releases_the_lower_ones) {
    OutboundQueue queue;
    queue.push("5 ", 5);
    queue.push("7", 7);
    queue.release(6);
    EXPECT_EQ(queue.take(100), "5 ");
    queue.release(7);
    queue.release(6); // never takes back
    EXPECT_EQ(queue.take(100), "7");
}

} // namespace
} // namespace tradehive::acceptor
