#include "tests/control/fake_venue.hpp"

#include <gtest/gtest.h>

namespace tradehive::control {
namespace {

using namespace std::chrono_literals;
using testing::FakeVenue;

TEST(Caller, GivesTheCommandDoneOfItsOwnCommand) {
    FakeVenue venue;
    Caller caller{venue, venue, 10s};
    for (std::uint64_t made = 1; made <= 20; ++made) {
        venue.make(made);
        const auto reply = caller.command(CreateFirm{{}, Code::cut("ACME")});
        ASSERT_TRUE(reply.has_value());
        EXPECT_EQ(reply->done.made, made);
        EXPECT_EQ(reply->sequence.value(), made);
    }
}

TEST(Caller, SaysWhenTheQueueIsFullOrClosed) {
    FakeVenue venue;
    Caller caller{venue, venue, 10s};
    venue.submit_with(Submitted::full);
    EXPECT_EQ(caller.command(CreateFirm{}).error(), NoReply::busy);
    EXPECT_EQ(caller.question(AskVenue{}).error(), NoReply::busy);
    venue.submit_with(Submitted::stopping);
    EXPECT_EQ(caller.command(CreateFirm{}).error(), NoReply::stopping);
}

TEST(Caller, GivesUpAfterItsPatience) {
    FakeVenue venue;
    venue.stay_silent();
    Caller caller{venue, venue, 20ms};
    EXPECT_EQ(caller.command(CreateFirm{}).error(), NoReply::cut_short);
    EXPECT_EQ(caller.question(AskVenue{}).error(), NoReply::cut_short);
}

TEST(Caller, StopEndsAWaitUnderWay) {
    FakeVenue venue;
    venue.stay_silent();
    Caller caller{venue, venue, 1h};
    std::expected<Caller::Outcome, NoReply> command;
    std::expected<Caller::Reply, NoReply> question;
    std::jthread first{[&] { command = caller.command(CreateFirm{}); }};
    std::jthread second{[&] { question = caller.question(AskVenue{}); }};
    caller.stop();
    first.join();
    second.join();
    EXPECT_EQ(command.error(), NoReply::cut_short);
    EXPECT_EQ(question.error(), NoReply::cut_short);
}

TEST(Caller, AnAnswerThatNobodyWaitsForIsDropped) {
    FakeVenue venue;
    venue.stay_silent();
    Caller caller{venue, venue, 1ms};
    EXPECT_FALSE(caller.question(AskVenue{}).has_value());
    caller.take(std::make_shared<const Answer>(Answer{venue.questions().at(0).origin, {}, VenueAnswer{}}));
}

TEST(Caller, SeveralMayWaitAtOnce) {
    FakeVenue venue;
    Caller caller{venue, venue, 10s};
    venue.answers_to(caller);
    std::atomic<int> right{};
    {
        std::vector<std::jthread> threads;
        std::mutex fake; // the fake's own list of threads is not guarded
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] {
                const std::lock_guard lock{fake};
                if (caller.command(CreateFirm{}).has_value() && caller.question(AskVenue{}).has_value())
                    ++right;
            });
    }
    EXPECT_EQ(right, 4);
}

} // namespace
} // namespace tradehive::control
