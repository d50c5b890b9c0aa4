#include "tests/translation/world.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <stdexcept>

#include <gtest/gtest.h>

namespace tradehive::acceptor {

namespace {

FixSessionView session(FixSessionId id, std::string_view comp_id, SessionKind kind,
                       std::vector<AccountId> accounts) {
    FixSessionView view;
    view.session = id;
    view.firm = FirmId{2};
    view.comp_id = CompID::cut(comp_id);
    view.kind = kind;
    view.resend_max_age = 10;
    view.accounts = std::move(accounts);
    return view;
}

Instrument instrument(InstrumentId id, std::string_view symbol, AssetId base, Decimal lot) {
    Instrument made;
    made.instrument = id;
    made.symbol = Symbol::cut(symbol);
    made.base = base;
    made.quote = AssetId{1};
    made.tick = {1, 2};
    made.lot = lot;
    made.least_quantity = Quantity{1};
    made.most_quantity = Quantity{1'000'000};
    return made;
}

AccountView account(AccountId id, FirmId firm, std::string_view code) {
    AccountView view;
    view.account = id;
    view.firm = firm;
    view.code = Code::cut(code);
    return view;
}

ReferenceData make_world() {
    ReferenceData data;
    data.firms = {
        {FirmId{1}, Code::cut("VENUE")}, {FirmId{2}, Code::cut("ACME")}, {FirmId{3}, Code::cut("OTHER")}};
    data.accounts = {account(AccountId{1}, FirmId{1}, "FEES"), account(alice, FirmId{2}, "ALICE"),
                     account(bob, FirmId{2}, "BOB"), account(AccountId{4}, FirmId{3}, "EVE")};
    data.assets = {{AssetId{1}, Code::cut("USD"), 6},
                   {AssetId{2}, Code::cut("BTC"), 8},
                   {AssetId{3}, Code::cut("AAPL"), 0}};
    data.instruments = {instrument(btc_usd, "BTC-USD", AssetId{2}, {1, 3}),
                        instrument(aapl, "AAPL", AssetId{3}, {1, 0})};
    data.sessions = {session(trader_session, "ALICE1", SessionKind::order_entry, {alice}),
                     session(broker_session, "BROKER", SessionKind::order_entry, {alice, bob}),
                     session(prices_session, "PRICES", SessionKind::market_data, {}),
                     session(copy_session, "COPY", SessionKind::drop_copy, {alice})};
    data.index();
    return data;
}

} // namespace

const ReferenceData& world() {
    static const ReferenceData data = make_world();
    return data;
}

const FIX::DataDictionary& dictionary() {
    static const FIX::DataDictionary read{std::string{TRADEHIVE_SOURCE_DIR "/fix-spec/FIX44.xml"}};
    return read;
}

std::string framed(std::string_view fields) {
    const auto end_of_type = std::min(fields.find('|'), fields.size());
    std::string body{fields.substr(0, end_of_type)};
    body += "|34=7|49=ALICE1|52=20260101-12:00:00.000|56=TRADEHIVE";
    body += fields.substr(end_of_type);
    body += '|';
    std::ranges::replace(body, '|', '\x01');
    std::string message = "8=FIX.4.4\x01"
                          "9=" +
                          std::to_string(body.size()) + '\x01' + body;
    unsigned sum = 0;
    for (const char c : message)
        sum += static_cast<unsigned char>(c);
    std::array<char, 8> trailer{};
    std::snprintf(trailer.data(), trailer.size(), "10=%03u\x01", sum % 256);
    return message + trailer.data();
}

FIX::Message parsed(std::string_view fields) {
    return FIX::Message{framed(fields), dictionary()};
}

std::string text(const FIX::Message& message) {
    return wire_text(message.toString());
}

std::string wire_text(std::string_view bytes) {
    std::string wire{bytes};
    std::ranges::replace(wire, '\x01', '|');
    const auto begin = wire.find("35=");
    const auto end = wire.rfind("|10=");
    if (begin == std::string::npos || end == std::string::npos) throw std::logic_error{"no message: " + wire};
    return wire.substr(begin, end - begin);
}

Origin origin_of(FixSessionId session) {
    Origin origin;
    origin.correlation = Correlation{5};
    origin.number = MsgSeqNum{7};
    origin.session = session;
    origin.epoch = Epoch{2};
    origin.channel = Channel::fix;
    return origin;
}

Translated translated(std::string_view fields, FixSessionId session) {
    const InboundContext context{.reference = world(),
                                 .session = *world().session(session),
                                 .origin = origin_of(session),
                                 .now = noon};
    return translate(parsed(fields), context);
}

std::string stock_text(const FIX::Message& message) {
    FIX::Message sent{message};
    auto& fields = sent.getHeader();
    fields.setField(8, "FIX.4.4");
    fields.setField(34, "2");
    fields.setField(49, "TRADEHIVE");
    fields.setField(52, "20260101-12:00:00.124");
    fields.setField(56, "ALICE1");
    const auto wire = sent.toString();
    EXPECT_EQ((FIX::Message{wire, dictionary()}.toString()), wire);
    static_cast<void>(stock_wire_text(wire));
    return text(message);
}

std::string stock_wire_text(const std::string& wire) {
    static const std::set<int> header{8, 9, 10, 34, 35, 49, 52, 56, 97};
    // Written down from FIX 4.4 volumes 3 and 4, not from our dictionary.
    static const std::map<std::string, std::set<int>> stock{
        {"8", {1,   6,   11,  14,  17,  18,  31,  32,  37,  38,  39,  40,  41,  44,
               54,  55,  58,  59,  60,  99,  103, 110, 111, 126, 136, 137, 138, 139,
               150, 151, 152, 378, 527, 584, 638, 790, 797, 851, 891, 911, 912}},
        {"r", {11, 37, 55, 58, 60, 530, 531, 532, 533}},
        {"9", {1, 11, 37, 39, 41, 58, 60, 102, 434}},
        {"3", {45, 58, 371, 372, 373}},
        {"j", {45, 58, 372, 379, 380}},
        {"W", {37, 55, 262, 268, 269, 270, 271, 272, 273, 290, 346}},
        {"X", {55, 262, 268, 269, 270, 271, 272, 273, 278, 279, 346}},
        {"y", {15, 55, 146, 320, 322, 393, 560, 561, 562, 893}},
        {"f", {55, 58, 60, 324, 325, 326}},
        {"h", {58, 325, 335, 336, 340, 341, 567}},
        {"B", {33, 42, 55, 58, 61, 146, 148}},
        {"Y", {58, 262, 281}},
        {"BF", {553, 923, 926, 927}}};

    const FIX::Message back{wire, dictionary()};
    try {
        dictionary().validate(back);
    } catch (const FIX::Exception& fault) {
        ADD_FAILURE() << fault.what() << " in " << wire;
    }
    const auto& allowed = stock.at(back.getHeader().getField(35));
    for (std::size_t at = 0; at < wire.size(); at = wire.find('\x01', at) + 1) {
        const int tag = std::stoi(wire.substr(at));
        EXPECT_TRUE(header.contains(tag) || allowed.contains(tag)) << tag << " in " << wire;
    }
    return wire_text(wire);
}

std::string stock_text(const OutboundFields& message) {
    static_cast<void>(text_in_fix50sp2(message));
    return stock_text(write(message, FixVersion::fix44));
}

std::string text_in_fix50sp2(const OutboundFields& message) {
    static const FIX::DataDictionary session_layer{std::string{TRADEHIVE_SOURCE_DIR "/fix-spec/FIXT11.xml"}};
    static const FIX::DataDictionary application{std::string{TRADEHIVE_SOURCE_DIR "/fix-spec/FIX50SP2.xml"}};
    auto sent = write(message, FixVersion::fix50sp2);
    auto& header = sent.getHeader();
    header.setField(8, "FIXT.1.1");
    header.setField(34, "2");
    header.setField(49, "TRADEHIVE");
    header.setField(52, "20260101-12:00:00.124");
    header.setField(56, "ALICE1");
    const auto wire = sent.toString();
    const FIX::Message back{wire, session_layer, application};
    EXPECT_EQ(FIX::Message{back}.toString(), wire);
    try {
        if (back.isApp())
            FIX::DataDictionary::validate(back, &session_layer, &application);
        else
            session_layer.validate(back);
    } catch (const FIX::Exception& fault) {
        ADD_FAILURE() << fault.what() << " in " << wire;
    }
    return text(write(message, FixVersion::fix50sp2));
}

std::string refusal_of(std::string_view fields, FixSessionId session) {
    const auto result = translated(fields, session);
    const auto* const command = std::get_if<Command>(&result);
    if (command == nullptr || command->header.kind != CommandKind::message_refused) return "taken";
    const auto event = event_of(MessageWasRefused{command->as<MessageRefused>()}, command->header.origin);
    const auto message = report(event, world(), session, false);
    return message ? stock_text(*message) : "nothing";
}

} // namespace tradehive::acceptor
