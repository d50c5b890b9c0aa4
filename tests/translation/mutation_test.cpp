// Whatever stands in a message, translating it ends with a command, a refusal that can be sent, or a
// question.
#include "tests/translation/world.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <random>

namespace tradehive::acceptor {
namespace {

constexpr std::array<std::string_view, 7> seeds{
    "35=D|11=A-1|1=ALICE|55=BTC-USD|54=1|60=20260101-12:00:00.000|40=2|38=1.5|44=100.25|59=1|453=1|448=X|447="
    "D|452=1",
    "35=F|41=A-1|37=42|11=A-2|55=BTC-USD|54=1|60=20260101-12:00:00.000",
    "35=G|41=A-1|11=A-2|1=BOB|55=AAPL|54=2|60=20260101-12:00:00.000|40=2|38=10|44=100|59=0",
    "35=H|37=5|11=A-1|790=S-1|55=BTC-USD|54=2",
    "35=V|262=M-1|263=0|264=10|265=0|266=Y|267=2|269=0|269=1|146=1|55=AAPL",
    "35=V|262=M-1|263=1|264=0|265=1|266=N|267=2|269=2|269=B|146=2|55=AAPL|55=BTC-USD",
    "35=D|43=Y|97=Y|122=20260101-11:59:59|11=A-1|55=AAPL|54=2|60=20260101-12:00:00.000|40=1|38=7",
};

class Mutator {
public:
    explicit Mutator(std::uint64_t seed)
        : random_{seed} {}

    std::string mutated(std::string message) {
        for (auto count = below(6); count != 0; --count)
            mutate(message);
        return message;
    }

    std::size_t below(std::size_t bound) {
        return std::uniform_int_distribution<std::size_t>{0, bound - 1}(random_);
    }

private:
    // Never at the front, so that it stays a message of some type.
    void mutate(std::string& message) {
        const auto at = 3 + below(message.size() - 3);
        switch (below(5)) {
        case 0:
            message[at] = static_cast<char>(below(256));
            break;
        case 1:
            message.insert(at, 1, "0123456789.-=|eEN\x01"[below(18)]);
            break;
        case 2:
            message.erase(at, 1 + below(4));
            break;
        case 3:
            message.insert(at, message.substr(at, below(40)));
            break;
        default:
            message.insert(at, std::string(below(60), '9'));
            break;
        }
        if (message.size() < 8) message += "|11=A|55=AAPL";
    }

    std::mt19937_64 random_;
};

void answer_can_be_sent(const Command& command, FixSessionId session) {
    if (command.header.kind != CommandKind::message_refused) return;
    const auto event = event_of(MessageWasRefused{command.as<MessageRefused>()}, command.header.origin);
    const auto message = report(event, world(), session, false);
    ASSERT_TRUE(message);
    EXPECT_LT(text(*message).size(), 1000U);
}

TEST(Mutation, NoMessageBreaksTheTranslation) {
    const char* const given = std::getenv("TRADEHIVE_SEED"); // NOLINT(concurrency-mt-unsafe): one thread
    const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : 20260101;
    SCOPED_TRACE("TRADEHIVE_SEED=" + std::to_string(seed) + " translation_tests --gtest_filter=Mutation.*");
    Mutator mutator{seed};
    std::size_t accepted = 0;
    std::size_t refused = 0;
    for (int i = 0; i < 60'000; ++i) {
        const auto fields = mutator.mutated(std::string{seeds.at(mutator.below(seeds.size()))});
        const FixSessionId session{static_cast<std::uint32_t>(1 + mutator.below(4))};
        FIX::Message message;
        try {
            message = parsed(fields);
        } catch (const FIX::InvalidMessage&) {
            continue; // garbled: no message at all
        }
        strip_untaken(message);
        const InboundContext context{.reference = world(),
                                     .session = *world().session(session),
                                     .origin = origin_of(session),
                                     .now = noon};
        const auto result = translate(message, context);
        if (const auto* const command = std::get_if<Command>(&result)) {
            answer_can_be_sent(*command, session);
            command->header.kind == CommandKind::message_refused ? ++refused : ++accepted;
            answer_can_be_sent(refuse(*command, RejectReason::busy, world()), session);
        } else if (const auto* const request = std::get_if<MarketDataRequest>(&result)) {
            ++accepted;
            answer_can_be_sent(refuse(*request, RejectReason::throttled), session);
        } else if (std::holds_alternative<ReferenceRequest>(result)) {
            ++accepted;
        } else {
            ++accepted;
            answer_can_be_sent(refuse(std::get<Asked>(result), RejectReason::throttled, world()), session);
        }
    }
    EXPECT_GT(accepted, 1000U);
    EXPECT_GT(refused, 1000U);
}

// The Session sends what the dictionary refuses back by itself; what it lets pass has all that a command or
// an answer of a stock engine needs.
TEST(Mutation, WhatPassesTheDictionaryHasAnAnswerThatPassesToo) {
    Mutator mutator{7};
    std::size_t checked = 0;
    for (int i = 0; i < 20'000; ++i) {
        const auto fields = mutator.mutated(std::string{seeds.at(mutator.below(seeds.size()))});
        try {
            dictionary().validate(parsed(fields));
        } catch (const FIX::Exception&) {
            continue;
        }
        ++checked;
        EXPECT_NE(refusal_of(fields, broker_session), "nothing") << fields;
    }
    EXPECT_GT(checked, 1000U);
}

} // namespace
} // namespace tradehive::acceptor
