#include "credentials/password_change.hpp"

#include "credentials/issue.hpp"
#include "credentials/totp.hpp"
#include "key_fixture.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace tradehive::credentials {
namespace {

constexpr PasswordCost cheap{.passes = 1, .kibibytes = 64, .lanes = 1};
constexpr Timestamp now{1'700'000'000'000'000'000};
constexpr std::string_view old_password = "correct horse battery";
constexpr std::string_view new_password = "a much better one";

class OneStore final : public CredentialStore {
public:
    [[nodiscard]] std::optional<Credential> find(std::string_view username) const override {
        return credential.username == username ? std::optional{credential} : std::nullopt;
    }
    [[nodiscard]] std::optional<Credential> find(FixSessionId session) const override {
        return credential.session == session ? std::optional{credential} : std::nullopt;
    }
    void put(const Credential& wanted) override { credential = wanted; }
    void remove(FixSessionId /*session*/) override { credential = {}; }
    Replaced replace(const Credential& before, const Credential& after) override {
        if (fails != Replaced::done) return fails;
        if (credential != before) return Replaced::other;
        credential = after;
        return Replaced::done;
    }

    Credential credential;
    Replaced fails{Replaced::done};
};

class PasswordChange : public testing::Test {
protected:
    void chosen(TotpRule rule, std::string_view username = "TRADER") {
        auto issued = issue_with_password(keys, username, session, rule, old_password, cheap);
        if (rule != TotpRule::none)
            totp_secret = std::string(from_base32(issued.totp_secret.view()).value().view());
        store.credential = issued.credential;
    }

    std::string code(int steps_away = 0) const {
        const auto step = totp_step(now) + static_cast<std::uint64_t>(steps_away);
        return std::string(totp_code(totp_secret, step).view());
    }

    auto prepare(std::string_view field, std::string_view wanted = new_password, std::string_view totp = {}) {
        return changer.prepare({.session = session,
                                .offer = {.username = store.credential.username,
                                          .password = field,
                                          .code = totp,
                                          .address = "192.0.2.1"},
                                .new_password = wanted},
                               now);
    }
    NotChanged why(std::string_view field, std::string_view wanted = new_password,
                   std::string_view totp = {}) {
        const auto change = prepare(field, wanted, totp);
        EXPECT_FALSE(change);
        return change ? NotChanged::in_doubt : change.error();
    }
    bool logs_on(std::string_view field) const {
        return verifier.verify({.username = store.credential.username, .password = field}, now).has_value();
    }

    const FixSessionId session{7};
    Keys keys = test_keys();
    OneStore store;
    StoredCredentialVerifier verifier{store, keys, {.cost = cheap, .otp_grace = std::chrono::seconds{600}}};
    StoredPasswordChanger changer{store, verifier, cheap};
    std::string totp_secret;
};

TEST_F(PasswordChange, TheNewOneCountsOnceItIsStored) {
    chosen(TotpRule::none);
    const auto change = prepare(old_password);
    ASSERT_TRUE(change);
    EXPECT_EQ(change->code, CodeOffered::not_asked);
    EXPECT_TRUE(logs_on(old_password));
    EXPECT_FALSE(logs_on(new_password));
    EXPECT_TRUE(changer.store(*change));
    EXPECT_FALSE(logs_on(old_password));
    EXPECT_TRUE(logs_on(new_password));
}

TEST_F(PasswordChange, TheCodesSecretStays) {
    chosen(TotpRule::every_logon);
    const auto before = store.credential;
    const auto change = prepare(std::string(old_password) + ":" + code());
    ASSERT_TRUE(change);
    ASSERT_TRUE(changer.store(*change));
    EXPECT_EQ(store.credential.sealed_totp_secret, before.sealed_totp_secret);
    EXPECT_EQ(store.credential.totp_rule, before.totp_rule);
    EXPECT_TRUE(logs_on(std::string(new_password) + ":" + code(1)));
}

TEST_F(PasswordChange, OldPasswordMustBeRight) {
    chosen(TotpRule::none);
    EXPECT_EQ(why("correct horse batter"), NotChanged::incorrect);
    EXPECT_EQ(why(""), NotChanged::incorrect);
    EXPECT_EQ(why(std::string(200, 'x')), NotChanged::incorrect);
}

TEST_F(PasswordChange, EachRuleWithCodesNeedsOneOfNow) {
    for (const auto rule : {TotpRule::every_logon, TotpRule::fresh}) {
        chosen(rule);
        const auto with = [](const std::string& digits) { return std::string(old_password) + ":" + digits; };
        EXPECT_EQ(why(old_password), NotChanged::incorrect);
        EXPECT_EQ(why(with(code(-2))), NotChanged::incorrect);
        EXPECT_EQ(why(with(code()), new_password, code(1)), NotChanged::incorrect); // two that differ
        for (const auto& change : {prepare(with(code())), prepare(old_password, new_password, code())}) {
            ASSERT_TRUE(change);
            EXPECT_EQ(change->code, CodeOffered::current);
            EXPECT_EQ(change->totp_step, totp_step(now));
        }
    }
}

TEST_F(PasswordChange, AnothersCredentialLooksLikeAWrongPassword) {
    chosen(TotpRule::none);
    store.credential.session = FixSessionId{8};
    EXPECT_EQ(why(old_password), NotChanged::incorrect);
}

TEST_F(PasswordChange, AGeneratedSecretStays) {
    for (const auto rule : {TotpRule::none, TotpRule::every_logon, TotpRule::fresh}) {
        const auto issued = issue(keys, "TRADER", session, rule);
        store.credential = issued.credential;
        EXPECT_EQ(why(issued.password.view()), NotChanged::generated);
        EXPECT_EQ(why("not it"), NotChanged::generated);
    }
}

TEST_F(PasswordChange, WeakOnesAreRefused) {
    chosen(TotpRule::none);
    for (const std::string_view weak :
         {std::string_view{"eleven char"}, std::string_view{"ababababab12"},
          std::string_view{"my TRADER password"}, std::string_view{"my trader password"}, old_password,
          std::string_view{"ends as a code:123456"}, std::string_view{"tab\tin the middle"},
          std::string_view{"h\xC3\xA4ufig verwendet"}})
        EXPECT_EQ(why(old_password, weak), NotChanged::weak) << weak;
    EXPECT_EQ(why(old_password, std::string(123, '.') + "abcdef"), NotChanged::weak); // 129
    EXPECT_TRUE(prepare(old_password, std::string(122, '.') + "abcdef"));
    EXPECT_TRUE(prepare(old_password, "twelve chars"));
}

TEST_F(PasswordChange, TheOldOneIsKnownBesideItsCode) {
    chosen(TotpRule::every_logon);
    EXPECT_EQ(why(std::string(old_password) + ":" + code(), old_password), NotChanged::weak);
}

TEST_F(PasswordChange, AShortUserNameMayStandInAPassword) {
    EXPECT_TRUE(is_strong("BOB", "bob's yellow shop"));
    EXPECT_FALSE(is_strong("BOBB", "bobb's yellow shop"));
}

TEST_F(PasswordChange, WhatAnOperatorHasPutMeanwhileStays) {
    chosen(TotpRule::none);
    const auto change = prepare(old_password);
    ASSERT_TRUE(change);
    auto renewed =
        issue_with_password(keys, "TRADER", session, TotpRule::none, "given by the operator", cheap);
    store.put(renewed.credential);
    const auto stored = changer.store(*change);
    ASSERT_FALSE(stored);
    EXPECT_EQ(stored.error(), NotChanged::incorrect);
    EXPECT_TRUE(logs_on("given by the operator"));
}

TEST_F(PasswordChange, WhatTheStoreSaysIsPassedOn) {
    chosen(TotpRule::none);
    const auto change = prepare(old_password);
    ASSERT_TRUE(change);
    store.fails = Replaced::not_stored;
    EXPECT_EQ(changer.store(*change).error(), NotChanged::not_stored);
    store.fails = Replaced::in_doubt;
    EXPECT_EQ(changer.store(*change).error(), NotChanged::in_doubt);
}

} // namespace
} // namespace tradehive::credentials
