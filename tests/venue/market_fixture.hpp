// A small market to test in: firm ALPHA with accounts A1 and A2, firm BETA with B1, one instrument COIN-USD
// (tick 1 cent, lot 0.01 COIN; one tick × one lot is one unit of USD), an order-entry session for each firm,
// logged on, and ways to send each command and to look at what came of it.
#pragma once

#include "venue/venue.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace tradehive::venue::tests {

class Market {
public:
    static constexpr FixSessionId alpha{1};
    static constexpr FixSessionId beta{2};
    static constexpr AccountId a1{2};
    static constexpr AccountId a2{3};
    static constexpr AccountId b1{4};
    static constexpr AssetId coin{1};
    static constexpr AssetId usd{2};
    static constexpr InstrumentId coin_usd{1};

    Market() {
        control(CreateFirm{.key = {}, .code = Code::cut("ALPHA")});
        control(CreateFirm{.key = {}, .code = Code::cut("BETA")});
        for (const auto& [code, firm] : {std::pair{"A1", 2U}, {"A2", 2U}, {"B1", 3U}}) {
            CreateAccount account;
            account.code = Code::cut(code);
            account.firm = FirmId{firm};
            control(account);
        }
        control(CreateAsset{.key = {}, .code = Code::cut("COIN"), .scale = 2});
        control(CreateAsset{.key = {}, .code = Code::cut("USD"), .scale = 4});
        CreateInstrument instrument;
        instrument.symbol = Symbol::cut("COIN-USD");
        instrument.base = coin;
        instrument.quote = usd;
        instrument.tick_mantissa = instrument.lot_mantissa = 1;
        instrument.tick_scale = instrument.lot_scale = 2;
        instrument.market_protection = 100'000;
        control(instrument);
        add_session("ALPHA", 2, {a1, a2});
        add_session("BETA", 3, {b1});
        for (const AccountId account : {a1, a2, b1}) {
            deposit(account, usd, 1'000'000);
            deposit(account, coin, 1'000);
        }
        log_on(alpha);
        log_on(beta);
    }

    FixSessionId add_session(std::string_view comp_id, std::uint32_t firm, std::vector<AccountId> accounts,
                             SessionKind kind = SessionKind::order_entry,
                             CancelOnDisconnect mode = CancelOnDisconnect::none) {
        CreateFixSession session;
        session.comp_id = CompID::cut(comp_id);
        session.firm = FirmId{firm};
        session.session_kind = kind;
        session.cancel_on_disconnect = mode;
        control(session);
        const FixSessionId id{static_cast<std::uint32_t>(done().made)};
        for (const AccountId account : accounts)
            control(EntitleSession{.session = id, .account = account});
        return id;
    }

    // --- sending -----------------------------------------------------------------------------------------
    template <CommandBody Body>
    void send(Origin origin, const Body& body) {
        Command command = make_command(origin, body);
        command.header.sequence = Sequence{venue.last_sequence().value() + 1};
        command.header.time = time;
        journal.push_back(command);
        first_of_last = events.size();
        venue.apply(command, events);
        EXPECT_EQ(venue.violation(), "");
    }
    template <CommandBody Body>
    void control(const Body& body) {
        Origin origin;
        origin.channel = Channel::control;
        send(origin, body);
    }
    template <CommandBody Body>
    void fix(FixSessionId session, const Body& body) {
        auto& [epoch, next] = numbers_[session.value()];
        Origin origin;
        origin.channel = Channel::fix;
        origin.session = session;
        origin.epoch = epoch;
        origin.number = MsgSeqNum{next++};
        send(origin, body);
    }
    void deposit(AccountId account, AssetId asset, std::int64_t amount) {
        control(Deposit{.key = {}, .account = account, .asset = asset, .amount = Amount{amount}});
    }
    void log_on(FixSessionId session) { send({}, LogOnSession{.session = session}); }
    void disconnect(FixSessionId session, bool keep_orders = false) {
        SessionDisconnected notice{};
        notice.session = session;
        notice.epoch = Epoch{1};
        notice.keep_orders = keep_orders;
        send({}, notice);
    }
    OrderId enter(FixSessionId session, AccountId account, Side side, std::int64_t quantity,
                  std::int64_t price, std::string_view cl_ord_id,
                  TimeInForce time_in_force = TimeInForce::day) {
        fix(session, order(account, side, quantity, price, cl_ord_id, time_in_force));
        return OrderId{venue.last_sequence().value()};
    }
    static EnterOrder order(AccountId account, Side side, std::int64_t quantity, std::int64_t price,
                            std::string_view cl_ord_id, TimeInForce time_in_force = TimeInForce::day) {
        EnterOrder order;
        order.account = account;
        order.instrument = coin_usd;
        order.price = Price{price};
        order.order_qty = Quantity{quantity};
        order.cl_ord_id = ClOrdID::cut(cl_ord_id);
        order.side = side;
        order.ord_type = OrdType::limit;
        order.time_in_force = time_in_force;
        return order;
    }
    static CancelOrder cancel(std::string_view orig, std::string_view cl_ord_id, OrderId order = {}) {
        CancelOrder cancel;
        cancel.order = order;
        cancel.orig_cl_ord_id = ClOrdID::cut(orig);
        cancel.cl_ord_id = ClOrdID::cut(cl_ord_id);
        return cancel;
    }
    static ReplaceOrder replace(std::string_view orig, std::string_view cl_ord_id, std::int64_t quantity,
                                std::int64_t price) {
        ReplaceOrder replace;
        replace.orig_cl_ord_id = ClOrdID::cut(orig);
        replace.cl_ord_id = ClOrdID::cut(cl_ord_id);
        replace.order_qty = Quantity{quantity};
        replace.price = Price{price};
        replace.ord_type = OrdType::limit;
        return replace;
    }

    // --- looking -----------------------------------------------------------------------------------------
    // The events of the last command of one kind, or all their names.
    template <EventBody Body>
    [[nodiscard]] std::vector<Body> last() const {
        std::vector<Body> found;
        for (std::size_t i = first_of_last; i < events.size(); ++i)
            if (events[i].header.kind == Body::kind) found.push_back(events[i].as<Body>());
        return found;
    }
    template <EventBody Body>
    [[nodiscard]] Body only() const {
        const auto found = last<Body>();
        EXPECT_EQ(found.size(), 1U) << names();
        return found.empty() ? Body{} : found.front();
    }
    [[nodiscard]] std::string names() const {
        std::string all;
        for (std::size_t i = first_of_last; i < events.size(); ++i)
            all += (all.empty() ? "" : " ") + std::string{name(events[i].header.kind)};
        return all;
    }
    [[nodiscard]] CommandDone done() const { return only<CommandDone>(); }
    [[nodiscard]] RejectReason why_rejected() const { return only<OrderRejected>().reason; }
    [[nodiscard]] RejectReason why_not_changed() const { return only<CancelRejected>().reason; }
    [[nodiscard]] BalanceLine balance(AccountId account, AssetId asset) const {
        Question question;
        question.origin.channel = Channel::control;
        question.what = AskBalances{account};
        const Answer answer = venue.answer(question);
        for (const auto& line : std::get<BalancesAnswer>(answer.what).lines)
            if (line.asset == asset) return line;
        return {};
    }
    [[nodiscard]] OrderAnswer ask(FixSessionId session, AskOrder asked) const {
        Question question;
        question.origin.channel = Channel::fix;
        question.origin.session = session;
        question.what = asked;
        return std::get<OrderAnswer>(venue.answer(question).what);
    }

    Venue venue{Capacity{64}};
    Timestamp time{std::chrono::nanoseconds{std::chrono::hours{24 * 20'000}}.count()};
    std::vector<Event> events;
    std::vector<Command> journal;
    std::size_t first_of_last{};

    struct Numbers {
        Epoch epoch{1};
        std::uint64_t next{1};
    };
    std::vector<Numbers> numbers_ = std::vector<Numbers>(16);
};

class VenueTest : public testing::Test {
protected:
    Market market;
};

} // namespace tradehive::venue::tests
