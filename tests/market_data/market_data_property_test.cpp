// The book that a client keeps by W and X is the venue's book, whatever happens: every depth, by price and by
// order, with readers that have no room, come and go, and images that begin in the middle of a run.
#include "acceptor/market_data/publisher.hpp"
#include "tests/market_data/book_client.hpp"
#include "tests/matching/seeds.hpp"
#include "venue/venue.hpp"

#include <gtest/gtest.h>

#include <random>

namespace tradehive::market_data {
namespace {

using namespace std::chrono_literals;

constexpr InstrumentId coin_usd{1};
constexpr std::int64_t middle = 1000;

class Reader final : public Subscriber {
public:
    explicit Reader(bool by_order)
        : book{by_order} {}
    [[nodiscard]] Room room() const noexcept override { return has; }
    void take(SubscriptionId, std::shared_ptr<const Body> body) override {
        book.take(*body);
        (body->msg_type == 'W' ? snapshots : changes) += 1;
    }

    Room has{Room::plenty};
    BookClient book;
    std::uint64_t snapshots{};
    std::uint64_t changes{};
};

// A venue with three rich accounts, and random orders near one price.
class Market {
public:
    explicit Market(std::uint64_t seed)
        : random_{seed} {
        control(CreateFirm{.key = {}, .code = Code::cut("FIRM")});
        control(CreateAsset{.key = {}, .code = Code::cut("COIN"), .scale = 0});
        control(CreateAsset{.key = {}, .code = Code::cut("USD"), .scale = 0});
        CreateInstrument instrument;
        instrument.symbol = Symbol::cut("COIN-USD");
        instrument.base = AssetId{1};
        instrument.quote = AssetId{2};
        instrument.tick_mantissa = instrument.lot_mantissa = 1;
        instrument.market_protection = 100'000;
        control(instrument);
        for (const auto* code : {"A", "B", "C"}) {
            CreateAccount account;
            account.code = Code::cut(code);
            account.firm = FirmId{2};
            control(account);
        }
        for (std::uint32_t account = 2; account <= 4; ++account)
            for (std::uint32_t asset = 1; asset <= 2; ++asset)
                control(Deposit{.key = {},
                                .account = AccountId{account},
                                .asset = AssetId{asset},
                                .amount = Amount{std::int64_t{1} << 50}});
    }

    void step() {
        const auto what = below(100);
        if (what < 55 || open_.empty()) return enter();
        if (what < 80) return cancel();
        if (what < 99) return replace();
        if (below(3) == 0) control(ExpireOrders{});
        if (below(10) == 0) control(EndDay{.day = ++day_});
    }

    [[nodiscard]] Answer ask(std::uint32_t depth, bool by_order) const {
        Question question;
        question.what = AskBook{.instrument = coin_usd, .depth = depth, .by_order = by_order};
        return venue.answer(question);
    }
    [[nodiscard]] Instrument instrument() const { return *venue.reference_data()->instrument(coin_usd); }
    std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

    venue::Venue venue{venue::Capacity{1 << 12}};
    std::vector<Event> events; // of what happened since the owner cleared it

private:
    template <CommandBody Body>
    void control(const Body& body) {
        Command command = make_command({}, body);
        command.header.origin.channel = Channel::control;
        command.header.sequence = Sequence{venue.last_sequence().value() + 1};
        command.header.time =
            Timestamp{static_cast<std::int64_t>(command.header.sequence.value()) * 1'000'000};
        venue.apply(command, events);
    }

    void enter() {
        EnterOrder order;
        order.account = AccountId{static_cast<std::uint32_t>(2 + below(3))};
        order.instrument = coin_usd;
        order.side = below(2) == 0 ? Side::buy : Side::sell;
        const auto away = static_cast<std::int64_t>(below(70)) - 8; // below zero: it takes
        order.price = Price{order.side == Side::buy ? middle - away : middle + away};
        order.order_qty = Quantity{1 + static_cast<std::int64_t>(below(50))};
        order.cl_ord_id = ClOrdID::cut("o" + std::to_string(++ids_));
        order.ord_type = OrdType::limit;
        constexpr std::array terms{TimeInForce::day,
                                   TimeInForce::day,
                                   TimeInForce::good_till_cancel,
                                   TimeInForce::good_till_cancel,
                                   TimeInForce::immediate_or_cancel,
                                   TimeInForce::fill_or_kill};
        order.time_in_force = terms.at(below(terms.size()));
        if (below(20) == 0) {
            order.ord_type = OrdType::market;
            order.price = Price{};
            order.time_in_force = TimeInForce::immediate_or_cancel;
        }
        vary(order);
        control(order);
        open_.push_back(OrderId{venue.last_sequence().value()});
    }

    // What shows a part of itself, waits, gets its price late, or ends by itself.
    void vary(EnterOrder& order) {
        order.self_match_given = 1;
        order.self_match = static_cast<SelfMatch>(below(4));
        const bool stays =
            order.time_in_force == TimeInForce::day || order.time_in_force == TimeInForce::good_till_cancel;
        if (order.ord_type != OrdType::limit || !stays) return;
        switch (below(8)) {
        case 0:
        case 1:
            order.display_qty = Quantity{1 + static_cast<std::int64_t>(below(10))};
            return;
        case 2:
            order.ord_type = OrdType::stop_limit;
            order.stop_px = Price{middle + static_cast<std::int64_t>(below(20)) - 10};
            return;
        case 3:
            order.ord_type = below(2) == 0 ? OrdType::stop : OrdType::take_profit;
            order.stop_px = std::exchange(order.price, Price{});
            return;
        case 4:
            order.ord_type = OrdType::market_to_limit;
            order.price = Price{};
            return;
        case 5: {
            order.time_in_force = TimeInForce::good_till_date;
            const auto sequences = static_cast<std::int64_t>(venue.last_sequence().value() + 2 + below(500));
            order.expire_time = Timestamp{sequences * 1'000'000};
            return;
        }
        default:
            return;
        }
    }

    OrderId some_order() {
        const auto at = below(open_.size());
        std::swap(open_[at], open_.back());
        return open_.back();
    }

    void cancel() {
        CancelOrder cancel;
        cancel.order = some_order();
        cancel.cl_ord_id = ClOrdID::cut("c" + std::to_string(++ids_));
        open_.pop_back();
        control(cancel);
    }

    void replace() {
        ReplaceOrder replace;
        replace.order = some_order();
        replace.cl_ord_id = ClOrdID::cut("r" + std::to_string(++ids_));
        Question question;
        question.origin.channel = Channel::control;
        question.what = AskOrder{.order = replace.order, .cl_ord_id = {}, .account = {}};
        const auto known = std::get<OrderAnswer>(venue.answer(question).what).order;
        if (known.price != Price{})
            replace.price = below(3) != 0 ? known.price : Price{known.price.value() + 1};
        replace.display_qty =
            below(3) != 0 ? known.display_qty : Quantity{static_cast<std::int64_t>(below(8))};
        replace.order_qty = Quantity{known.cum_qty.value() + 1 + static_cast<std::int64_t>(below(50))};
        replace.ord_type = known.ord_type;
        control(replace);
    }

    std::mt19937_64 random_;
    std::vector<OrderId> open_;
    std::uint64_t ids_{};
    std::uint32_t day_{};
};

std::vector<std::string> lines(const std::vector<RestingOrder>& orders) {
    std::vector<std::string> lines;
    for (const auto& order : orders)
        lines.push_back(std::to_string(order.price.value()) + " " + std::to_string(order.left.value()) +
                        " #" + std::to_string(order.order.value()));
    return lines;
}

std::vector<std::string> lines(const std::vector<BookLevel>& levels) {
    std::vector<std::string> lines;
    for (const auto& level : levels)
        lines.push_back(std::to_string(level.price.value()) + " " + std::to_string(level.quantity.value()) +
                        " " + std::to_string(level.orders));
    return lines;
}

std::map<std::string, std::string> lines(const TradeStatistics& statistics) {
    std::map<std::string, std::string> lines{{"B", std::to_string(statistics.volume.value())}};
    for (const auto& [type, price] : {std::pair{"4", statistics.open},
                                      {"5", statistics.close},
                                      {"7", statistics.high},
                                      {"8", statistics.low}})
        if (price != Price{}) lines.emplace(type, std::to_string(price.value()));
    return lines;
}

class RandomRun {
public:
    explicit RandomRun(std::uint64_t seed)
        : market_{seed} {}

    void go(std::uint64_t commands) {
        market_.events.clear();
        for (std::uint64_t i = 0; i < commands && !testing::Test::HasFailure(); ++i) {
            if (market_.below(200) == 0) change_readers();
            market_.step();
            publisher_.take(market_.events);
            market_.events.clear();
            begin_images();
            now_ += std::chrono::milliseconds{market_.below(6)};
            const auto due = publisher_.due();
            if (!due || now_ < *due) continue;
            for (auto& [id, one] : readers_)
                one.reader->has = static_cast<Subscriber::Room>(market_.below(8) == 0 ? market_.below(2) : 2);
            publisher_.publish(now_);
            check();
        }
    }

    std::uint64_t checks{};
    std::uint64_t snapshots{};
    std::uint64_t changes{};

private:
    struct One {
        ViewTerms terms;
        std::shared_ptr<Reader> reader;
    };

    void change_readers() {
        if (readers_.size() > 20 || (!readers_.empty() && market_.below(3) == 0)) {
            const auto gone = std::next(readers_.begin(), static_cast<int>(market_.below(readers_.size())));
            publisher_.unsubscribe(gone->first);
            snapshots += gone->second.reader->snapshots;
            changes += gone->second.reader->changes;
            readers_.erase(gone);
            return;
        }
        if (!readers_.empty() && market_.below(4) == 0) publisher_.refresh(readers_.begin()->first);
        if (market_.below(50) == 0) publisher_.begin_again();
        constexpr std::array depths{0U, 0U, 1U, 5U, 10U, 20U, 50U};
        ViewTerms terms{
            .window = {.depth = depths.at(market_.below(depths.size())), .by_order = market_.below(2) == 0},
            .edition = {.incremental = market_.below(6) != 0, .types = {}}};
        for (const auto type : entry_types)
            terms.edition.types.add(type);
        const SubscriptionId id{++ids_};
        auto reader = std::make_shared<Reader>(terms.window.by_order);
        publisher_.subscribe(id, market_.instrument(), terms, reader);
        readers_.emplace(id, One{terms, reader});
    }

    // The answer of the venue comes at some later time.
    void begin_images() {
        if (!publisher_.take_wanted().empty()) asked_ = true;
        if (!asked_ || market_.below(4) != 0) return;
        asked_ = false;
        const Answer answer = market_.ask(0, true);
        publisher_.begin(std::get<BookAnswer>(answer.what), answer.after);
    }

    void check() {
        for (const auto& [id, one] : readers_) {
            if (one.reader->has != Subscriber::Room::plenty) continue; // it may have been passed over
            const Answer answer = market_.ask(one.terms.window.depth, one.terms.window.by_order);
            const auto& book = std::get<BookAnswer>(answer.what);
            const auto& client = one.reader->book;
            if (one.terms.window.by_order) {
                ASSERT_EQ(client.bids(), lines(book.bid_orders));
                ASSERT_EQ(client.offers(), lines(book.offer_orders));
            } else {
                ASSERT_EQ(client.bids(), lines(book.bids));
                ASSERT_EQ(client.offers(), lines(book.offers));
            }
            ASSERT_EQ(client.statistics(), lines(book.trades));
            ++checks;
        }
    }

    Market market_;
    Publisher publisher_{10ms, std::size_t{1} << 30};
    Publisher::Time now_{};
    std::map<SubscriptionId, One> readers_;
    std::uint64_t ids_{};
    bool asked_{};
};

TEST(MarketDataProperty, AClientsBookIsTheVenuesBook) {
    const auto seeds = Seeds::by_default(10, 3'000);
    std::uint64_t checks = 0;
    std::uint64_t snapshots = 0;
    std::uint64_t changes = 0;
    for (auto seed = seeds.first; seed < seeds.first + seeds.count; ++seed) {
        RandomRun run{seed};
        try {
            run.go(seeds.length);
        } catch (const std::exception& error) {
            ADD_FAILURE() << error.what();
        }
        ASSERT_FALSE(HasFailure()) << seeds.repeat(seed);
        checks += run.checks;
        snapshots += run.snapshots;
        changes += run.changes;
    }
    EXPECT_GT(checks, seeds.count * seeds.length / 10);
    EXPECT_GT(snapshots, 0U);
    EXPECT_GT(changes, snapshots);
}

} // namespace
} // namespace tradehive::market_data
