#include "domain/words.hpp"

#include <gtest/gtest.h>

#include <set>

namespace tradehive {
namespace {

// Over every value that the byte can have: as many words as enumerators, and no word twice.
template <class Enum>
void expect_words(std::size_t count) {
    std::set<std::string_view> words;
    std::size_t known = 0;
    for (int value = 0; value < 256; ++value)
        if (const auto text = word(static_cast<Enum>(value)); text != unknown_word) {
            ++known;
            words.insert(text);
        }
    EXPECT_EQ(known, count);
    EXPECT_EQ(words.size(), count);
}

TEST(Words, EachValueHasOneOfItsOwn) {
    expect_words<Side>(2);
    expect_words<OrdType>(6);
    expect_words<TimeInForce>(5);
    expect_words<OrdStatus>(6);
    expect_words<Unsolicited>(12);
    expect_words<InstrumentState>(4);
    expect_words<SessionKind>(3);
    expect_words<CancelOnDisconnect>(3);
    expect_words<DisconnectCause>(5);
    expect_words<Channel>(4);
    expect_words<RefusalChannel>(8);
    expect_words<SelfMatch>(4);
    expect_words<ExecInst>(4);
    expect_words<KillScope>(3);
    expect_words<BalanceCause>(6);
    expect_words<PasswordScheme>(2);
    expect_words<TotpRule>(3);
}

TEST(Words, AreFixsNamesInLowerCase) {
    EXPECT_EQ(word(OrdStatus::partially_filled), "partially_filled");
    EXPECT_EQ(word(TimeInForce::good_till_cancel), "good_till_cancel");
    EXPECT_EQ(word(static_cast<Side>(0)), unknown_word);
}

} // namespace
} // namespace tradehive
