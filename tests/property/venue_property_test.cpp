// Whatever is asked of it, the venue does what the naive venue does, event for event; every invariant holds
// after each command; BalanceChanged tells of every balance; and replay gives the same bytes and hash.
#include "tests/matching/seeds.hpp"
#include "tests/property/naive_venue.hpp"
#include "tests/venue/bytes_in_memory.hpp"
#include "venue/state_bytes.hpp"
#include "venue/venue.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <csignal>
#include <cstring>
#include <random>

namespace tradehive::tests {
namespace {

constexpr AssetId usd{3};

class BothVenues {
public:
    explicit BothVenues(std::uint64_t seed)
        : random_{seed} {
        set_up();
    }

    void step() {
        for (const auto& [id, session] : naive_.sessions)
            if (!session.logged_on && one_of(8)) both({}, LogOnSession{.session = id});
        const auto kind = below(100);
        if (kind < 50)
            enter();
        else if (kind < 70)
            cancel();
        else if (kind < 88)
            replace();
        else if (kind < 91)
            repeat_last_message();
        else
            something_else();
    }

    // From here on it is a venue that was loaded from what this one saved.
    void go_on_from_a_snapshot() {
        BytesInMemory saved;
        venue_.save(saved);
        venue::Venue loaded{venue::Capacity{16}};
        loaded.load(saved, venue::state_layout);
        BytesInMemory again;
        loaded.save(again);
        ASSERT_EQ(again.bytes, saved.bytes);
        ASSERT_EQ(loaded.state_hash(), venue_.state_hash());
        saved.read_again();
        venue_.load(saved, venue::state_layout);
    }

    // How often each first word, and each word of refusal, was heard.
    void count_into(std::map<std::string, std::uint64_t>& heard) const {
        for (const std::string& line : lines_of(events_)) {
            ++heard[line.substr(0, line.find(' '))];
            ++heard[line.substr(line.rfind(' ') + 1)];
        }
    }

    void expect_replay_to_be_the_same() const {
        venue::Venue again{venue::Capacity{16}};
        std::vector<Event> events;
        for (const Command& command : journal_)
            again.apply(command, events);
        ASSERT_EQ(events.size(), events_.size());
        for (std::size_t i = 0; i < events.size(); ++i) {
            ASSERT_EQ(std::memcmp(&events[i].header, &events_[i].header, sizeof(EventHeader)), 0) << i;
            ASSERT_TRUE(std::ranges::equal(events[i].body_bytes(), events_[i].body_bytes())) << i;
            ASSERT_EQ(events[i].header.number.value(), i + 1);
        }
        ASSERT_EQ(again.state_hash(), venue_.state_hash());
    }

private:
    // --- the market ----------------------------------------------------------------------------------------
    void set_up() {
        most_open_ = 2 + static_cast<std::uint32_t>(below(12));
        price_range_ = 2 + static_cast<std::int64_t>(below(40));
        for (const auto* code : {"ALPHA", "BETA"})
            first(CreateFirm{.key = {}, .code = Code::cut(code)});
        for (std::uint32_t i = 0; i < 4; ++i)
            add_account(FirmId{2 + i / 2}, "A" + std::to_string(i));
        for (const auto& [code, scale] : {std::pair{"COIN", 3}, {"STONE", 2}, {"USD", 6}})
            first(CreateAsset{.key = {}, .code = Code::cut(code), .scale = static_cast<std::uint8_t>(scale)});
        add_instrument(AssetId{1}, "COIN-USD", 10);
        add_instrument(AssetId{2}, "STONE-USD", 1);
        add_session("S1", 2, {AccountId{2}, AccountId{3}}, CancelOnDisconnect::session);
        add_session("S2", 2, {AccountId{3}}, CancelOnDisconnect::none);
        add_session("S3", 3, {AccountId{4}, AccountId{5}}, CancelOnDisconnect::account);
        for (const auto& [id, account] : naive_.accounts) {
            for (std::uint32_t asset = 1; asset <= 3; ++asset)
                naive_.totals[{id, AssetId{asset}}] = 0;
        }
        for (std::uint32_t account = 2; account <= 5; ++account)
            for (std::uint32_t asset = 1; asset <= 3; ++asset)
                both(control(), Deposit{.key = {},
                                        .account = AccountId{account},
                                        .asset = AssetId{asset},
                                        .amount = Amount{asset == 3 ? 20'000'000 : 5'000}});
        for (const auto& [id, session] : naive_.sessions)
            both({}, LogOnSession{.session = id});
    }

    void add_account(FirmId firm, const std::string& code) {
        CreateAccount account;
        account.code = Code::cut(code);
        account.firm = firm;
        const auto taker = static_cast<std::int32_t>(below(5'000));
        account.taker_fee = FeeRate{taker};
        account.maker_fee = FeeRate{static_cast<std::int32_t>(below(6'000)) - taker};
        first(account);
        const AccountId id{static_cast<std::uint32_t>(naive_.accounts.size() + 2)};
        naive_.accounts[id] = {id,    firm, account.maker_fee.value(), account.taker_fee.value(), {},
                               false, false};
        naive_.accounts.try_emplace(fee_account);
        naive_.accounts.erase(fee_account); // it never trades
    }

    void add_instrument(AssetId base, const std::string& symbol, std::int64_t base_units) {
        CreateInstrument request;
        request.symbol = Symbol::cut(symbol);
        request.base = base;
        request.quote = usd;
        request.tick_mantissa = request.lot_mantissa = 1;
        request.tick_scale = request.lot_scale = 2;
        request.least_quantity = Quantity{2};
        request.most_quantity = Quantity{100};
        request.least_notional = Amount{250'000};
        request.market_protection = static_cast<std::int32_t>(below(40'000));
        first(request);
        NaiveInstrument instrument;
        instrument.id = InstrumentId{static_cast<std::uint32_t>(naive_.instruments.size() + 1)};
        instrument.base = base;
        instrument.quote = usd;
        instrument.base_units_per_lot = base_units;
        instrument.units_per_tick_lot = 100;
        instrument.least_quantity = 2;
        instrument.most_quantity = 100;
        instrument.least_notional = 250'000;
        instrument.market_protection = request.market_protection;
        naive_.instruments[instrument.id] = instrument;
    }

    void add_session(const char* comp_id, std::uint32_t firm, std::set<AccountId> accounts,
                     CancelOnDisconnect mode) {
        CreateFixSession session;
        session.comp_id = CompID::cut(comp_id);
        session.firm = FirmId{firm};
        session.cancel_on_disconnect = mode;
        session.self_match = static_cast<SelfMatch>(below(4));
        first(session);
        const FixSessionId id{static_cast<std::uint32_t>(naive_.sessions.size() + 1)};
        for (const AccountId account : accounts)
            first(EntitleSession{.session = id, .account = account});
        naive_.sessions[id] = {std::move(accounts), mode, false, 1, session.self_match, false};
    }

    // --- random commands
    // -------------------------------------------------------------------------------------
    std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
    bool one_of(std::uint64_t many) { return below(many) == 0; }

    static Origin control() {
        Origin origin;
        origin.channel = Channel::control;
        return origin;
    }
    Origin somebody() {
        if (one_of(20)) return control();
        const FixSessionId session{1 + static_cast<std::uint32_t>(below(3))};
        Origin origin;
        origin.channel = Channel::fix;
        origin.session = session;
        origin.epoch = Epoch{1};
        origin.number = MsgSeqNum{naive_.sessions.at(session).next_in + below(2)};
        return origin;
    }
    AccountId some_account() { return AccountId{static_cast<std::uint32_t>(one_of(40) ? 9 : 2 + below(4))}; }
    AccountId some_account_of(const Origin& asker) {
        if (asker.channel != Channel::fix || one_of(20)) return some_account();
        const auto& accounts = naive_.sessions.at(asker.session).accounts;
        return *std::next(accounts.begin(), static_cast<std::ptrdiff_t>(below(accounts.size())));
    }
    InstrumentId some_instrument() { return InstrumentId{1 + static_cast<std::uint32_t>(below(2))}; }
    ClOrdID new_name() {
        const auto number = one_of(30) && names_ > 0 ? 1 + below(names_) : ++names_;
        return ClOrdID::cut("c" + std::to_string(number));
    }
    Price some_price() {
        return Price{1'000 + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(price_range_)))};
    }
    Quantity some_quantity() {
        if (one_of(30)) return Quantity{static_cast<std::int64_t>(below(4)) * 40 - 1};
        return Quantity{1 + static_cast<std::int64_t>(below(30))};
    }
    // Often an open one.
    const NaiveOrder* some_order() {
        if (naive_.orders.empty()) return nullptr;
        const NaiveOrder* order = nullptr;
        for (int tries = 0; tries < 8; ++tries) {
            const auto recent = std::min<std::size_t>(naive_.orders.size(), 80);
            order = &std::prev(naive_.orders.end(), 1 + static_cast<std::ptrdiff_t>(below(recent)))->second;
            if (order->open()) break;
        }
        return order;
    }

    void enter() {
        const Origin origin = somebody();
        EnterOrder order;
        order.account = some_account_of(origin);
        order.instrument = some_instrument();
        order.side = one_of(2) ? Side::buy : Side::sell;
        order.order_qty = some_quantity();
        order.cl_ord_id = new_name();
        order.poss_resend = one_of(10);
        constexpr OrdType types[]{OrdType::stop,        OrdType::stop_limit,      OrdType::market,
                                  OrdType::take_profit, OrdType::market_to_limit, OrdType::limit};
        order.ord_type = one_of(2) ? types[below(std::size(types))] : OrdType::limit;
        constexpr TimeInForce times[]{TimeInForce::day,          TimeInForce::good_till_cancel,
                                      TimeInForce::day,          TimeInForce::immediate_or_cancel,
                                      TimeInForce::fill_or_kill, TimeInForce::good_till_date};
        order.time_in_force = times[below(std::size(times))];
        const bool limited = order.ord_type == OrdType::limit || order.ord_type == OrdType::stop_limit;
        const bool stopped = order.ord_type == OrdType::stop || order.ord_type == OrdType::stop_limit ||
                             order.ord_type == OrdType::take_profit;
        const bool stays = order.time_in_force != TimeInForce::immediate_or_cancel &&
                           order.time_in_force != TimeInForce::fill_or_kill;
        if (!limited && one_of(2)) order.time_in_force = TimeInForce::day;
        if (limited != one_of(40)) order.price = some_price();
        if (stopped != one_of(40)) order.stop_px = some_price();
        if ((order.time_in_force == TimeInForce::good_till_date) != one_of(40))
            order.expire_time = some_time();
        if (one_of(order.ord_type == OrdType::limit && stays ? 6 : 60)) order.exec_inst = ExecInst::post_only;
        if (one_of(10)) order.exec_inst = order.exec_inst | ExecInst::cancel_on_halt;
        if (one_of(limited && stays ? 3 : 40)) order.display_qty = Quantity{1 + std::int64_t(below(8))};
        if (one_of(order.time_in_force == TimeInForce::immediate_or_cancel ? 2 : 40))
            order.min_qty = Quantity{1 + static_cast<std::int64_t>(below(20))};
        if (order.ord_type == OrdType::market ? one_of(3) : one_of(60)) {
            order.cash_order_qty = Amount{1 + static_cast<std::int64_t>(below(4'000'000))};
            if (!one_of(20)) order.order_qty = {};
        }
        if (one_of(3)) {
            order.self_match_given = 1;
            order.self_match = static_cast<SelfMatch>(one_of(60) ? 9 : below(4));
        }
        both(origin, order);
    }
    // Soon, sometimes past.
    Timestamp some_time() {
        return Timestamp{now() + (static_cast<std::int64_t>(below(200)) - 5) * 1'000'000};
    }

    template <class Request>
    void point_at(Request& request, const Origin& origin, const NaiveOrder& order) {
        if (!one_of(3)) request.orig_cl_ord_id = ClOrdID::cut(order.cl_ord_id);
        if (request.orig_cl_ord_id.empty() || one_of(4)) request.order = order.id;
        if (one_of(30)) request.order = OrderId{1 + below(journal_.size() + 5)};
        if (one_of(3)) request.account = one_of(10) ? some_account_of(origin) : order.account;
        if (one_of(3)) request.side = one_of(10) ? opposite(order.side) : order.side;
        request.cl_ord_id = new_name();
    }

    void cancel() {
        const NaiveOrder* order = some_order();
        if (!order) return;
        const Origin origin = somebody();
        CancelOrder request;
        point_at(request, origin, *order);
        both(origin, request);
    }

    void replace() {
        const NaiveOrder* order = some_order();
        if (!order) return;
        const Origin origin = somebody();
        ReplaceOrder request;
        point_at(request, origin, *order);
        request.ord_type = one_of(40) ? OrdType::market : order->ord_type;
        if (order->price != 0 || one_of(40)) request.price = one_of(2) ? Price{order->price} : some_price();
        if (order->stop_px != 0 && one_of(2))
            request.stop_px = one_of(2) ? Price{order->stop_px} : some_price();
        if (order->expires != 0 && one_of(2)) request.expire_time = some_time();
        request.display_qty = Quantity{order->display};
        if (one_of(4)) request.display_qty = Quantity{static_cast<std::int64_t>(below(8))};
        request.order_qty =
            one_of(2) ? Quantity{std::max<std::int64_t>(order->quantity - 1, 1)} : some_quantity();
        both(origin, request);
    }

    void repeat_last_message() {
        if (journal_.back().header.origin.channel != Channel::fix) return;
        Command again = journal_.back();
        both(again);
        ASSERT_EQ(events_.size(), before_);
    }

    SetKillSwitch a_kill_switch() {
        SetKillSwitch request{.id = 2 + static_cast<std::uint32_t>(below(4)), .scope = KillScope::account};
        if (one_of(3)) request = {.id = 2 + static_cast<std::uint32_t>(below(2)), .scope = KillScope::firm};
        if (one_of(3))
            request = {.id = 1 + static_cast<std::uint32_t>(below(3)), .scope = KillScope::session};
        request.killed = one_of(6);
        return request;
    }

    void something_else() {
        const AccountId account{2 + static_cast<std::uint32_t>(below(4))};
        const AssetId asset{1 + static_cast<std::uint32_t>(below(3))};
        const FixSessionId session{1 + static_cast<std::uint32_t>(below(3))};
        switch (below(15)) {
        case 11:
            return both({}, ExpireOrders{});
        case 12: {
            const Origin origin = somebody();
            if (origin.channel != Channel::fix) return;
            return both(origin, MassCancel{.cl_ord_id = new_name(),
                                           .instrument = one_of(2) ? InstrumentId{} : some_instrument()});
        }
        case 13: {
            SetPriceBand band;
            band.instrument = some_instrument();
            if (one_of(3)) band.lowest = Price{some_price().value() - 3};
            if (one_of(3)) band.highest = Price{std::max(some_price(), band.lowest).value() + 3};
            return both(control(), band);
        }
        case 14:
            return both(control(), a_kill_switch());
        case 0:
            return both(control(), SetAccountFrozen{.account = account, .frozen = one_of(12)});
        case 1:
            return both(control(),
                        SetInstrumentState{.instrument = some_instrument(),
                                           .state = one_of(8) ? static_cast<InstrumentState>(below(3))
                                                              : InstrumentState::open});
        case 2:
            return both(control(), SetAccountLimits{.account = account,
                                                    .most_open_orders = one_of(2) ? most_open_ : 0,
                                                    .most_order_qty = Quantity{one_of(4) ? 20 : 0},
                                                    .most_notional = Amount{one_of(4) ? 2'000'000 : 0}});
        case 3:
            return both(
                control(),
                SetAccountFees{.account = account,
                               .maker_fee = FeeRate{static_cast<std::int32_t>(below(4'000)) - 2'000},
                               .taker_fee = FeeRate{static_cast<std::int32_t>(below(4'000)) - 1'000}});
        case 4:
            // On both sides of the midnight that the run goes through, and of others that are far.
            return both(control(), EndDay{.day = one_of(8) ? ++day_ : day_});
        case 5:
        case 6: {
            SessionDisconnected notice{};
            notice.session = session;
            notice.epoch = Epoch{1};
            notice.keep_orders = one_of(3);
            return both({}, notice);
        }
        case 7:
            if (one_of(10)) return both({}, VenueStarted{});
            [[fallthrough]];
        case 8:
            for (const auto& [id, known] : naive_.sessions)
                both({}, LogOnSession{.session = id});
            return;
        case 9:
            return both(control(), Deposit{.key = {},
                                           .account = account,
                                           .asset = asset,
                                           .amount = Amount{1 + static_cast<std::int64_t>(below(2'000))}});
        default:
            return both(control(), Withdraw{.key = {},
                                            .account = account,
                                            .asset = asset,
                                            .amount = Amount{1 + static_cast<std::int64_t>(below(4'000))}});
        }
    }

    // --- both venues
    // -----------------------------------------------------------------------------------------
    template <CommandBody Body>
    void first(const Body& body) { // of the names; the naive venue is told by hand
        real(make_command(control(), body));
        ASSERT_EQ(events_.back().as<CommandDone>().reason, RejectReason::none);
    }
    template <CommandBody Body>
    void both(const Origin& origin, const Body& body) {
        both(make_command(origin, body));
    }
    void both(const Command& command) {
        real(command);
        Lines expected = naive_.apply(journal_.back());
        if (command.header.kind == CommandKind::end_day) expected.emplace_back("done OK");
        ASSERT_EQ(lines_of(std::span{events_}.subspan(before_)), expected)
            << "command " << journal_.size() << " " << name(command.header.kind);
        ASSERT_EQ(venue_.violation(), "");
        compare_balances();
    }
    void real(Command command) {
        command.header.sequence = Sequence{journal_.size() + 1};
        command.header.time = Timestamp{now()};
        journal_.push_back(command);
        before_ = events_.size();
        venue_.apply(command, events_);
    }

    std::int64_t now() const {
        constexpr std::int64_t midnight = std::int64_t{first_day + 1} * 86'400'000'000'000;
        return midnight + (std::ssize(journal_) - before_midnight_) * 1'000'000;
    }

    void compare_balances() {
        for (std::size_t i = before_; i < events_.size(); ++i) {
            if (events_[i].header.kind != EventKind::balance_changed) continue;
            const auto changed = events_[i].as<BalanceChanged>();
            auto& known = told_[{changed.account, changed.asset}];
            ASSERT_EQ(changed.change, changed.total - known.first);
            ASSERT_NE(std::pair(changed.total, changed.held), known);
            known = {changed.total, changed.held};
        }
        for (const auto& [place, total] : naive_.totals) {
            const auto& known = told_[place];
            ASSERT_EQ(known.first.value(), total) << place.first.value() << " " << place.second.value();
            ASSERT_EQ(known.second.value(), naive_.held(place.first, place.second))
                << place.first.value() << " " << place.second.value();
        }
    }

    std::mt19937_64 random_;
    venue::Venue venue_{venue::Capacity{16}};
    NaiveVenue naive_;
    std::vector<Command> journal_;
    std::vector<Event> events_;
    std::size_t before_{};
    std::map<std::pair<AccountId, AssetId>, std::pair<Amount, Amount>> told_;
    std::uint64_t names_{};
    static constexpr std::uint32_t first_day = 19'000;
    std::uint32_t day_{first_day - 1};
    std::int64_t before_midnight_{static_cast<std::int64_t>(200 + below(1'000))}; // commands
    std::uint32_t most_open_{};
    std::int64_t price_range_{};
};

// An assertion in the venue ends the program before gtest can say which seed it was.
std::string repeat_after_abort;
void say_how_to_repeat(int /*signal*/) {
    [[maybe_unused]] const auto written =
        write(STDERR_FILENO, repeat_after_abort.data(), repeat_after_abort.size());
}

TEST(VenueProperty, DoesWhatTheNaiveVenueDoesAndReplaysToTheSame) {
    const Seeds seeds = Seeds::by_default(30, 1'500);
    std::map<std::string, std::uint64_t> heard;
    std::signal(SIGABRT, say_how_to_repeat);
    for (std::uint64_t seed = seeds.first; seed < seeds.first + seeds.count; ++seed) {
        SCOPED_TRACE(seeds.repeat(seed));
        repeat_after_abort = seeds.repeat(seed) + "\n";
        BothVenues both{seed};
        for (std::uint64_t i = 0; i < seeds.length; ++i) {
            both.step();
            if (testing::Test::HasFailure()) return;
        }
        both.expect_replay_to_be_the_same();
        if (testing::Test::HasFailure()) return;
        both.count_into(heard);
    }
    if (seeds.count * seeds.length < 20'000) return; // too short to meet everything
    for (const auto* word : {"accepted",
                             "traded",
                             "ended",
                             "replaced",
                             "kept",
                             "lost",
                             "self_match",
                             "expired",
                             "disconnect",
                             "operator",
                             "status",
                             "logoff",
                             "ALREADY_FILLED",
                             "BAD_PRICE",
                             "BAD_QTY",
                             "DUPLICATE",
                             "FROZEN",
                             "FUNDS",
                             "HALTED",
                             "IDS_DISAGREE",
                             "MARKET_TIF",
                             "MAY_NOT_CHANGE",
                             "NOTIONAL_LIMIT",
                             "NOTIONAL_TOO_SMALL",
                             "NOT_LOGGED_ON",
                             "OPEN_ORDERS_LIMIT",
                             "PRICE_ON_MARKET",
                             "QTY_LIMIT",
                             "QTY_TOO_LARGE",
                             "QTY_TOO_SMALL",
                             "TOO_LATE",
                             "UNKNOWN_ACCOUNT",
                             "UNKNOWN_ORDER",
                             "restated",
                             "triggered",
                             "rests_as_limit",
                             "mass",
                             "mass_cancel",
                             "halted",
                             "killed",
                             "CANCEL_ONLY",
                             "EXPIRE_TIME",
                             "KILLED",
                             "MAX_FLOOR",
                             "MIN_QTY",
                             "NO_STOP_PX",
                             "POST_ONLY",
                             "POST_ONLY_TYPE",
                             "PRICE_BAND",
                             "QTY_OR_CASH",
                             "SELF_MATCH_RULE",
                             "STOP_PX",
                             "TYPE_TIF"})
        EXPECT_GT(heard[word], 0U) << word;
    EXPECT_GT(heard["traded"] * 4, heard["rejected"]) << "most commands are refused: nothing much is tested";
}

TEST(VenueProperty, LoadedInMidHistoryItGoesOnAsIfItHadNeverStopped) {
    const Seeds seeds = Seeds::by_default(10, 1'500);
    std::signal(SIGABRT, say_how_to_repeat);
    for (std::uint64_t seed = seeds.first; seed < seeds.first + seeds.count; ++seed) {
        SCOPED_TRACE(seeds.repeat(seed));
        repeat_after_abort = seeds.repeat(seed) + "\n";
        BothVenues both{seed};
        std::mt19937_64 moments{seed};
        for (std::uint64_t i = 0; i < seeds.length; ++i) {
            both.step();
            if (moments() % 20 == 0) both.go_on_from_a_snapshot();
            if (testing::Test::HasFailure()) return;
        }
        both.expect_replay_to_be_the_same();
        if (testing::Test::HasFailure()) return;
    }
}

} // namespace
} // namespace tradehive::tests
