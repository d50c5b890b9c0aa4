#include "control/admin.hpp"
#include "control/requests.hpp"
#include "control/server.hpp"
#include "tests/temporary_folder.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace tradehive::control {
namespace {

using ::testing::HasSubstr;
namespace json = boost::json;

struct AdminTest : ::testing::Test {
    TemporaryFolder folder;
    std::filesystem::path socket = folder.path / "control.sock";
    json::object reply{{"ok", true}, {"result", json::object{}}};
    json::object seen;
    std::string out;
    std::string err;

    AdminExit run(std::vector<std::string> arguments, const std::string& input = {}) {
        std::istringstream in{input};
        std::ostringstream out_stream;
        std::ostringstream err_stream;
        const AdminSetting setting{"config/demo.yaml", [this](const auto& config) {
                                       if (config == "bad.yaml")
                                           throw std::runtime_error{"bad.yaml:3: wrong"};
                                       return socket;
                                   }};
        const auto exit = admin(arguments, setting, in, out_stream, err_stream);
        out = out_stream.str();
        err = err_stream.str();
        return exit;
    }
    AdminExit served(std::vector<std::string> arguments, const std::string& input = {}) {
        const Server server{{.socket = socket}, [this](const json::object& request) {
                                seen = request;
                                return reply;
                            }};
        return run(std::move(arguments), input);
    }
};

TEST_F(AdminTest, HelpNamesEveryRequestAndEachExplainsItself) {
    EXPECT_EQ(run({"--help"}), AdminExit::done);
    const auto help = out;
    for (const auto& shape : requests()) {
        EXPECT_THAT(help, HasSubstr(std::string{shape.name}));
        std::vector<std::string> words;
        std::istringstream name{std::string{shape.name}};
        for (std::string word; name >> word;)
            words.push_back(word);
        words.emplace_back("--help");
        EXPECT_EQ(run(words), AdminExit::done);
        for (const auto& field : shape.fields)
            EXPECT_THAT(out, HasSubstr(std::string{field.help}));
    }
}

TEST_F(AdminTest, WhatIsNotUnderstoodIsUsage) {
    const std::vector<std::vector<std::string>> wrong{
        {},
        {"dance"},
        {"firm"},
        {"firm", "create"},
        {"firm", "create", "A", "B"},
        {"firm", "create", "A", "--colour", "red"},
        {"account", "create", "A"},
        {"status", "--socket"},
        {"status", "--config", "bad.yaml"},
        {"fix-session", "create", "A", "--firm", "F", "--password"}};
    for (const auto& arguments : wrong) {
        EXPECT_EQ(run(arguments), AdminExit::usage) << (arguments.empty() ? "nothing" : arguments.back());
        EXPECT_FALSE(err.empty());
    }
    run({"firm"});
    EXPECT_THAT(err, HasSubstr("firm create"));
}

TEST_F(AdminTest, NoVenueIsItsOwnCode) {
    EXPECT_EQ(run({"status"}), AdminExit::not_reachable);
    EXPECT_THAT(err, HasSubstr("no venue answers"));
}

TEST_F(AdminTest, SendsWhatWasGiven) {
    EXPECT_EQ(served({"account", "create", "A", "--firm", "F", "--maker-fee", "-0.001"}), AdminExit::done);
    EXPECT_EQ(json::serialize(seen),
              R"({"request":"account create","account":"A","firm":"F","maker-fee":"-0.001"})");
    EXPECT_EQ(served({"deposit", "A", "USD", "10.5", "--key=k"}), AdminExit::done);
    EXPECT_EQ(json::serialize(seen),
              R"({"request":"deposit","account":"A","asset":"USD","amount":"10.5","key":"k"})");
    EXPECT_EQ(served({"--socket", socket.string(), "--json", "status"}), AdminExit::done);
    EXPECT_EQ(out, "{\"ok\":true,\"result\":{}}\n");
}

TEST_F(AdminTest, APasswordComesFromStandardInputOnly) {
    EXPECT_EQ(served({"fix-session", "renew", "A", "--password"}, "correct horse battery\n"),
              AdminExit::done);
    EXPECT_EQ(seen.at("password").as_string(), "correct horse battery");
    EXPECT_EQ(served({"fix-session", "renew", "A", "--password", "on-the-line"}, ""), AdminExit::usage);
}

TEST_F(AdminTest, ARefusalHasItsCodeWordAndSentence) {
    reply = {{"ok", false}, {"word", "FUNDS"}, {"text", "not enough"}};
    EXPECT_EQ(served({"withdraw", "A", "USD", "1"}), AdminExit::refused);
    EXPECT_THAT(err, HasSubstr("FUNDS: not enough"));
    EXPECT_EQ(served({"withdraw", "A", "USD", "1", "--json"}), AdminExit::refused);
    EXPECT_EQ(json::parse(out).as_object(), reply);
}

TEST_F(AdminTest, ListsAreTables) {
    reply["result"] = json::parse(R"({"rows":[{"firm":"ACME","id":2},{"firm":"LONGER-NAME","id":13}]})");
    EXPECT_EQ(served({"firm", "list"}), AdminExit::done);
    EXPECT_EQ(out, "firm         id\nACME          2\nLONGER-NAME  13\n");
    reply["result"] = json::parse(R"({"rows":[]})");
    EXPECT_EQ(served({"firm", "list"}), AdminExit::done);
    EXPECT_EQ(out, "none\n");
}

TEST_F(AdminTest, ATotpKeyIsShownAsQrCodeToPeople) {
    reply["result"] = {{"username", "A"}, {"otpauth_uri", "otpauth://totp/x?secret=ABC"}};
    EXPECT_EQ(served({"fix-session", "renew", "A"}), AdminExit::done);
    EXPECT_THAT(out, HasSubstr("\u2588"));
    EXPECT_EQ(served({"fix-session", "renew", "A", "--json"}), AdminExit::done);
    EXPECT_EQ(out.find("\u2588"), std::string::npos);
}

} // namespace
} // namespace tradehive::control
