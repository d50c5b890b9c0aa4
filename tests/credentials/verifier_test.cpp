#include "credentials/verifier.hpp"

#include "credentials/issue.hpp"
#include "credentials/password_field.hpp"
#include "credentials/totp.hpp"
#include "key_fixture.hpp"

#include <gtest/gtest.h>

#include <map>
#include <stdexcept>
#include <thread>

namespace tradehive::credentials {
namespace {

constexpr PasswordCost cheap{.passes = 1, .kibibytes = 64, .lanes = 1};
constexpr Timestamp now{1'700'000'000'000'000'000};
constexpr std::string_view chosen = "correct horse battery";

class MapStore final : public CredentialStore {
public:
    [[nodiscard]] std::optional<Credential> find(std::string_view username) const override {
        if (broken) throw std::runtime_error("store is away");
        const auto found = credentials_.find(std::string(username));
        if (found == credentials_.end()) return std::nullopt;
        return found->second;
    }
    [[nodiscard]] std::optional<Credential> find(FixSessionId session) const override {
        for (const auto& [username, credential] : credentials_)
            if (credential.session == session) return credential;
        return std::nullopt;
    }
    void put(const Credential& credential) override { credentials_[credential.username] = credential; }
    void remove(FixSessionId /*session*/) override {}
    Replaced replace(const Credential& before, const Credential& after) override {
        if (find(before.session) != before) return Replaced::other;
        put(after);
        return Replaced::done;
    }

    bool broken{};

private:
    std::map<std::string, Credential> credentials_;
};

class Verifier : public testing::Test {
protected:
    Verifier() {
        add("NONE", TotpRule::none, 1);
        add("CODE", TotpRule::every_logon, 2);
        add("FRESH", TotpRule::fresh, 4);
        auto issued =
            issue_with_password(keys, "CHOSEN", FixSessionId{3}, TotpRule::every_logon, chosen, cheap);
        totp_secrets["CHOSEN"] = std::string(from_base32(issued.totp_secret.view()).value().view());
        passwords["CHOSEN"] = std::string(chosen);
        store.put(issued.credential);
    }

    void add(const std::string& username, TotpRule rule, std::uint32_t session) {
        auto issued = issue(keys, username, FixSessionId{session}, rule);
        store.put(issued.credential);
        passwords[username] = std::string(issued.password.view());
        if (rule != TotpRule::none)
            totp_secrets[username] = std::string(from_base32(issued.totp_secret.view()).value().view());
    }

    std::string code(const std::string& username, int steps_away = 0) {
        const auto step = totp_step(now) + static_cast<std::uint64_t>(steps_away);
        return std::string(totp_code(totp_secrets.at(username), step).view());
    }

    // Six digits that no step near now has.
    std::string wrong_code(const std::string& username) {
        for (int candidate = 0;; ++candidate) {
            auto text = std::to_string(100000 + candidate);
            if (!match_totp(totp_secrets.at(username), text, now)) return text;
        }
    }

    std::string outcome(std::string_view username, std::string_view field, std::string_view totp = {}) {
        const auto verdict = verifier.verify({.username = username, .password = field, .code = totp}, now);
        return verdict ? "verified" : std::string(describe(verdict.error().why));
    }

    Keys keys = test_keys();
    MapStore store;
    StoredCredentialVerifier verifier{store, keys, {.cost = cheap, .otp_grace = std::chrono::seconds{600}}};
    std::map<std::string, std::string> passwords;
    std::map<std::string, std::string> totp_secrets;
};

TEST_F(Verifier, SecretAloneIsEnoughWhenTheRuleIsNone) {
    const auto verdict =
        verifier.verify({.username = "NONE", .password = passwords["NONE"], .code = {}}, now);
    ASSERT_TRUE(verdict);
    EXPECT_EQ(verdict->session, FixSessionId{1});
    EXPECT_EQ(verdict->code, CodeOffered::not_asked);
    EXPECT_EQ(outcome("NONE", passwords["NONE"], "123456"), "verified");
    EXPECT_EQ(outcome("NONE", passwords["NONE"] + ":123456"), "wrong password");
}

TEST_F(Verifier, CodeMayComeInEitherFieldOrBothAlike) {
    for (const std::string username : {"CODE", "CHOSEN"}) {
        const auto& password = passwords[username];
        const auto verdict = verifier.verify(
            {.username = username, .password = password + ":" + code(username), .code = {}}, now);
        ASSERT_TRUE(verdict) << username;
        EXPECT_EQ(verdict->code, CodeOffered::current);
        EXPECT_EQ(verdict->totp_step, totp_step(now));
        EXPECT_EQ(outcome(username, password, code(username)), "verified");
        EXPECT_EQ(outcome(username, password + ":" + code(username), code(username)), "verified");
    }
}

TEST_F(Verifier, MatchedStepIsTheOneOfTheCode) {
    const auto at = [&](const std::string& digits) {
        return verifier.verify({.username = "CODE", .password = passwords["CODE"], .code = digits}, now);
    };
    for (const int away : {-1, 0, 1}) {
        const auto verdict = at(code("CODE", away));
        ASSERT_TRUE(verdict) << away;
        EXPECT_EQ(verdict->totp_step, totp_step(now) + static_cast<std::uint64_t>(away));
    }
    EXPECT_EQ(outcome("CODE", passwords["CODE"], code("CODE", -2)), "wrong one-time code");
    EXPECT_EQ(outcome("CODE", passwords["CODE"], code("CODE", 2)), "wrong one-time code");
}

TEST_F(Verifier, UnderFreshTheVenueDecidesOnOtherCodesAndNone) {
    const auto offered = [&](const std::string& digits, std::string_view address) {
        return verifier
            .verify({.username = "FRESH", .password = passwords["FRESH"], .code = digits, .address = address},
                    now)
            .value();
    };
    const auto good = offered(code("FRESH"), "10.0.0.1");
    EXPECT_EQ(good.code, CodeOffered::current);
    EXPECT_EQ(good.totp_step, totp_step(now));
    EXPECT_EQ(good.otp_grace_seconds, 600U);
    const auto none = offered("", "10.0.0.1");
    EXPECT_EQ(none.code, CodeOffered::absent);
    EXPECT_EQ(none.address, good.address);
    EXPECT_NE(offered("", "10.0.0.2").address, good.address);
    const auto old = offered(code("FRESH", -5), "10.0.0.1");
    EXPECT_EQ(old.code, CodeOffered::other);
    EXPECT_EQ(old.totp_step, 0U);
    EXPECT_NE(old.code_mark, good.code_mark);
    EXPECT_EQ(offered(code("FRESH"), "").code_mark, good.code_mark);
    EXPECT_EQ(outcome("FRESH", "wrong", code("FRESH")), "wrong password");
}

TEST_F(Verifier, DifferentCodesAreRefusedEvenWhenOneIsRight) {
    EXPECT_EQ(outcome("CODE", passwords["CODE"] + ":" + code("CODE"), wrong_code("CODE")),
              "554 and 20101 carry different codes");
    EXPECT_EQ(outcome("CODE", passwords["CODE"] + ":" + wrong_code("CODE"), code("CODE")),
              "554 and 20101 carry different codes");
}

TEST_F(Verifier, EachWrongPartIsNamedForTheAuditOnly) {
    EXPECT_EQ(outcome("NOBODY", "password"), "unknown username");
    EXPECT_EQ(outcome("CODE", "wrong", code("CODE")), "wrong password");
    EXPECT_EQ(outcome("CODE", passwords["NONE"], code("CODE")), "wrong password");
    EXPECT_EQ(outcome("CODE", passwords["CODE"]), "one-time code missing");
    EXPECT_EQ(outcome("CODE", passwords["CODE"], wrong_code("CODE")), "wrong one-time code");
    EXPECT_EQ(outcome("CHOSEN", "correct horse batterz", code("CHOSEN")), "wrong password");
    EXPECT_EQ(outcome("", ""), "unknown username");
    EXPECT_EQ(outcome("CODE", "", ""), "wrong password");
}

TEST_F(Verifier, RefusalNamesTheSessionOnlyOfAKnownUsername) {
    EXPECT_EQ(verifier.verify({.username = "CODE", .password = "wrong", .code = {}}, now).error().session,
              FixSessionId{2});
    EXPECT_EQ(verifier.verify({.username = "NOBODY", .password = "wrong", .code = {}}, now).error().session,
              FixSessionId{});
}

TEST_F(Verifier, OverlongFieldsAreNotLookedAt) {
    EXPECT_EQ(outcome(std::string(65, 'x'), "p"), "a field is longer than any credential's");
    EXPECT_EQ(outcome("CODE", std::string(136, 'x')), "a field is longer than any credential's");
    EXPECT_EQ(outcome("CODE", "p", "1234567"), "a field is longer than any credential's");
}

TEST_F(Verifier, DamagedCredentialOrAbsentStoreIsUnverifiableAndDoesNotThrow) {
    auto damaged = store.find("CODE").value();
    damaged.sealed_totp_secret = "rubbish";
    store.put(damaged);
    EXPECT_EQ(outcome("CODE", passwords["CODE"], "123456"), "the stored credential cannot be used");

    damaged = store.find("NONE").value();
    damaged.verifier = "rubbish";
    store.put(damaged);
    EXPECT_EQ(outcome("NONE", passwords["NONE"]), "the stored credential cannot be used");

    store.broken = true;
    EXPECT_EQ(outcome("CHOSEN", "password"), "the stored credential cannot be used");
}

TEST_F(Verifier, TotpSecretOfAnotherRowDoesNotServe) {
    auto mixed = store.find("CODE").value();
    mixed.sealed_totp_secret = store.find("CHOSEN").value().sealed_totp_secret;
    store.put(mixed);
    EXPECT_EQ(outcome("CODE", passwords["CODE"], code("CHOSEN")), "the stored credential cannot be used");
}

TEST_F(Verifier, ManyThreadsAtOnce) {
    std::array<int, 4> good{};
    std::vector<std::jthread> threads;
    threads.reserve(good.size());
    for (auto& count : good)
        threads.emplace_back([&, right = passwords["CHOSEN"] + ":" + code("CHOSEN")] {
            for (int i = 0; i < 50; ++i) {
                count +=
                    verifier.verify({.username = "CHOSEN", .password = right, .code = {}}, now).has_value()
                        ? 1
                        : 0;
                count -=
                    verifier.verify({.username = "CHOSEN", .password = "wrong", .code = {}}, now).has_value()
                        ? 1
                        : 0;
            }
        });
    threads.clear();
    EXPECT_EQ(good, (std::array{50, 50, 50, 50}));
}

TEST(Issue, CredentialHoldsNoSecretInTheClear) {
    const auto keys = test_keys();
    const auto issued = issue(keys, "ALICE", FixSessionId{7}, TotpRule::every_logon);
    const auto& stored = issued.credential;
    const auto raw = from_base32(issued.totp_secret.view());
    for (const auto& field : {stored.username, stored.verifier, stored.sealed_totp_secret})
        for (const auto secret : {issued.password.view(), issued.totp_secret.view(), raw.value().view()})
            EXPECT_EQ(field.find(secret), std::string::npos);
    EXPECT_NE(issued.otpauth_uri.view().find(issued.totp_secret.view()), std::string_view::npos);
}

TEST(Issue, WeakOrAmbiguousPasswordsAreRefusedWithoutRepeatingThem) {
    const auto keys = test_keys();
    for (const std::string password :
         {"short", "correct horse:123456", "correct horse\x01 battery", "correct h\xC3\xB6rse battery"}) {
        try {
            static_cast<void>(
                issue_with_password(keys, "A", FixSessionId{1}, TotpRule::none, password, cheap));
            ADD_FAILURE() << password;
        } catch (const std::invalid_argument& error) {
            EXPECT_EQ(std::string_view(error.what()).find(password), std::string_view::npos);
        }
    }
    EXPECT_THROW(static_cast<void>(issue_with_password(keys, "A", FixSessionId{1}, TotpRule::none,
                                                       std::string(129, 'x'), cheap)),
                 std::invalid_argument);
}

TEST(PasswordField, SplitsOnlyAColonAndSixDigits) {
    const auto parts = [](std::string_view field) {
        const auto split = split_password_field(field);
        return std::pair{std::string(split.password), std::string(split.code)};
    };
    EXPECT_EQ(parts("secret:123456"), std::pair(std::string("secret"), std::string("123456")));
    EXPECT_EQ(parts("a:b:123456"), std::pair(std::string("a:b"), std::string("123456")));
    for (const std::string whole :
         {"secret:12345", "secret:1234567", "secret123456", "secret:12345x", ":123456", "", "123456"})
        EXPECT_EQ(parts(whole), std::pair(whole, std::string()));
}

} // namespace
} // namespace tradehive::credentials
