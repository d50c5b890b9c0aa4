#include "venue/command_queue.hpp"

#include <gtest/gtest.h>

#include <array>
#include <thread>

namespace tradehive::venue {
namespace {

template <CommandBody Body>
Command numbered(std::uint64_t number) {
    Origin origin;
    origin.correlation = Correlation{number};
    return make_command(origin, Body{});
}

Question question(std::uint64_t number) {
    Question question;
    question.origin.correlation = Correlation{number};
    return question;
}

std::uint64_t number_of(const CommandQueue::Item& item) {
    if (const auto* command = std::get_if<Command>(&item)) return command->header.origin.correlation.value();
    return std::get<Question>(item).origin.correlation.value();
}

TEST(CommandQueue, KeepsCommandsAndQuestionsInOneOrder) {
    CommandQueue queue;
    EXPECT_EQ(queue.submit(numbered<EnterOrder>(1)), Submitted::taken);
    EXPECT_EQ(queue.ask(question(2)), Submitted::taken);
    EXPECT_EQ(queue.submit(numbered<CancelOrder>(3)), Submitted::taken);
    EXPECT_EQ(queue.waiting(), 3U);
    const auto batch = queue.drain();
    ASSERT_EQ(batch.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i)
        EXPECT_EQ(number_of(batch[i]), i + 1);
    EXPECT_EQ(queue.waiting(), 0U);
}

TEST(CommandQueue, HasRoomForCancelsAndSessionsWhenOrdersFindItFull) {
    CommandQueue queue{{.ordinary = 2, .reserved = 2, .batch = 10}};
    EXPECT_EQ(queue.submit(numbered<EnterOrder>(1)), Submitted::taken);
    EXPECT_EQ(queue.submit(numbered<ReplaceOrder>(2)), Submitted::taken);
    EXPECT_EQ(queue.submit(numbered<EnterOrder>(3)), Submitted::full);
    EXPECT_EQ(queue.submit(numbered<ReplaceOrder>(3)), Submitted::full);
    EXPECT_EQ(queue.ask(question(3)), Submitted::full);
    EXPECT_EQ(queue.submit(numbered<CancelOrder>(3)), Submitted::taken);
    EXPECT_EQ(queue.submit(numbered<SessionDisconnected>(4)), Submitted::taken);
    EXPECT_EQ(queue.submit(numbered<MessageRefused>(5)), Submitted::full);
    EXPECT_EQ(queue.drain().size(), 4U);
    EXPECT_EQ(queue.submit(numbered<EnterOrder>(5)), Submitted::taken);
}

TEST(CommandQueue, CountsWhatIsHandedOutLaterAgainstItsBound) {
    CommandQueue queue{{.ordinary = 4, .reserved = 0, .batch = 1}};
    for (std::uint64_t i = 1; i <= 4; ++i)
        ASSERT_EQ(queue.submit(numbered<EnterOrder>(i)), Submitted::taken);
    EXPECT_EQ(number_of(queue.drain().front()), 1U);
    EXPECT_EQ(queue.waiting(), 3U);
    EXPECT_EQ(queue.submit(numbered<EnterOrder>(5)), Submitted::taken);
    EXPECT_EQ(queue.submit(numbered<EnterOrder>(6)), Submitted::full);
    for (std::uint64_t i = 2; i <= 5; ++i) {
        const auto batch = queue.drain();
        ASSERT_EQ(batch.size(), 1U);
        EXPECT_EQ(number_of(batch.front()), i);
    }
}

TEST(CommandQueue, HandsOutWhatItTookBeforeItWasClosed) {
    CommandQueue queue;
    ASSERT_EQ(queue.submit(numbered<EnterOrder>(1)), Submitted::taken);
    queue.close();
    EXPECT_EQ(queue.submit(numbered<CancelOrder>(2)), Submitted::stopping);
    EXPECT_EQ(queue.ask(question(3)), Submitted::stopping);
    EXPECT_EQ(queue.drain().size(), 1U);
    EXPECT_TRUE(queue.drain().empty());
}

TEST(CommandQueueThreads, LosesNothingAndKeepsEachSendersOrder) {
    constexpr std::uint64_t senders = 4;
    constexpr std::uint64_t each = 5'000;
    CommandQueue queue{{.ordinary = 64, .reserved = 16, .batch = 32}};
    std::vector<std::jthread> threads;
    for (std::uint64_t sender = 0; sender < senders; ++sender)
        threads.emplace_back([&queue, sender] {
            for (std::uint64_t i = 0; i < each; ++i)
                while (queue.submit(numbered<EnterOrder>(sender * each + i)) != Submitted::taken)
                    std::this_thread::yield();
        });
    std::array<std::uint64_t, senders> next{};
    for (std::uint64_t taken = 0; taken < senders * each;) {
        const auto batch = queue.drain();
        ASSERT_FALSE(batch.empty());
        ASSERT_LE(batch.size(), 32U);
        for (const auto& item : batch) {
            const std::uint64_t number = number_of(item);
            ASSERT_EQ(number % each, next[number / each]++);
        }
        taken += batch.size();
    }
    EXPECT_EQ(queue.waiting(), 0U);
}

TEST(CommandQueueThreads, CloseWakesAWaitingVenue) {
    CommandQueue queue;
    std::jthread closer{[&] { queue.close(); }};
    EXPECT_TRUE(queue.drain().empty());
}

} // namespace
} // namespace tradehive::venue
