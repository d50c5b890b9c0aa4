#include "db/projection.hpp"

#include "db/rows.hpp"
#include "db/words.hpp"
#include "domain/reject_reason.hpp"

#include <map>
#include <unordered_map>
#include <vector>

namespace tradehive::db {

namespace {

const std::string follower = "projector";

template <class Tag, class Representation>
long long number(Tagged<Tag, Representation> tagged) {
    return static_cast<long long>(tagged.value());
}

template <class Key, class Row>
std::vector<Row> values(std::map<Key, Row> rows) {
    std::vector<Row> result;
    result.reserve(rows.size());
    for (auto& [key, row] : rows)
        result.push_back(std::move(row));
    return result;
}

} // namespace

// What decimals are written by: it never changes once it is there, so a copy in memory is as good as the
// rows.
struct Projection::Steps {
    struct Instrument {
        Decimal tick;
        Decimal lot;
        std::uint8_t quote_scale{};
    };

    explicit Steps(soci::session& sql) {
        const soci::rowset<soci::row> assets = (sql.prepare << "SELECT asset_id, scale FROM assets");
        for (const auto& row : assets)
            scales.emplace(row.get<long long>(0), static_cast<std::uint8_t>(row.get<long long>(1)));
        const soci::rowset<soci::row> rows =
            (sql.prepare << "SELECT instrument_id, tick_mantissa, tick_scale, lot_mantissa, lot_scale, "
                            "quote_asset_id FROM instruments");
        for (const auto& row : rows)
            add(row.get<long long>(0),
                {row.get<long long>(1), static_cast<std::uint8_t>(row.get<long long>(2))},
                {row.get<long long>(3), static_cast<std::uint8_t>(row.get<long long>(4))},
                row.get<long long>(5));
    }

    void add(long long instrument, Decimal tick, Decimal lot, long long quote) {
        const auto scale = scales.find(quote);
        instruments.insert_or_assign(
            instrument, Instrument{tick, lot, scale == scales.end() ? std::uint8_t{} : scale->second});
    }

    [[nodiscard]] const Instrument* instrument(InstrumentId id) const {
        const auto found = instruments.find(number(id));
        return found == instruments.end() ? nullptr : &found->second;
    }

    [[nodiscard]] OptionalText amount(AssetId asset, Amount amount) const {
        const auto found = scales.find(number(asset));
        if (found == scales.end()) return {};
        return OptionalText(format_units(amount.value(), minor_unit(found->second)));
    }

    std::unordered_map<long long, std::uint8_t> scales; // of assets
    std::unordered_map<long long, Instrument> instruments;
};

struct Projection::Writers {
    // Names change seldom, and one may change twice in a batch.
    static constexpr std::initializer_list<std::size_t> one_by_one{1};
    static constexpr std::initializer_list<std::size_t> many{64, 8, 1};

    explicit Writers(soci::session& sql)
        : firms{sql, one_by_one}
        , accounts{sql, one_by_one}
        , fix_sessions{sql, one_by_one}
        , entitlements{sql, one_by_one}
        , assets{sql, one_by_one}
        , instruments{sql, one_by_one}
        , orders{sql, many}
        , trades{sql, many}
        , balances{sql, many} {}

    RowsWriter<FirmRow> firms;
    RowsWriter<AccountRow> accounts;
    RowsWriter<FixSessionRow> fix_sessions;
    RowsWriter<EntitlementRow> entitlements;
    RowsWriter<AssetRow> assets;
    RowsWriter<InstrumentRow> instruments;
    RowsWriter<OrderRow> orders;
    RowsWriter<TradeRow> trades;
    RowsWriter<BalanceRow> balances;
};

// The rows of some events. Where only the latest state counts, the batch holds one row however many events
// changed it.
class Projection::Batch {
public:
    explicit Batch(Steps& steps)
        : steps_{steps} {}

    void add(const Event& event);
    void write(Writers& writers);

private:
    void add_reference(const Event& event);
    OrderRow& add_order(const EventHeader& header, const OrderImage& image);
    void add_trade(const EventHeader& header, const OrderTraded& traded);
    void add_balance(const EventHeader& header, const BalanceChanged& changed);
    void add_account(const AccountChanged& changed);
    void add_fix_session(const FixSessionChanged& changed);
    void add_asset(const AssetCreated& created);
    void add_instrument(const InstrumentChanged& changed);

    Steps& steps_;
    std::vector<FirmRow> firms_;
    std::vector<AccountRow> accounts_;
    std::vector<FixSessionRow> fix_sessions_;
    std::vector<EntitlementRow> entitlements_;
    std::vector<AssetRow> assets_;
    std::vector<InstrumentRow> instruments_;
    std::map<OrderId, OrderRow> orders_;
    std::vector<TradeRow> trades_;
    std::map<std::pair<AccountId, AssetId>, BalanceRow> balances_;
};

void Projection::Batch::add(const Event& event) {
    const auto& header = event.header;
    if (header.version != 1 || body_size(header.kind) == 0 || body_size(header.kind) != header.body_size)
        throw UnknownEvent("event " + std::to_string(header.number.value()) + " is of kind " +
                           std::to_string(static_cast<int>(header.kind)) + " version " +
                           std::to_string(header.version) + ", which this program does not know");
    switch (header.kind) {
    case EventKind::order_accepted:
        add_order(header, event.as<OrderAccepted>().order);
        return;
    case EventKind::order_canceled:
        add_order(header, event.as<OrderCanceled>().order);
        return;
    case EventKind::order_replaced:
        add_order(header, event.as<OrderReplaced>().order);
        return;
    case EventKind::order_rejected: {
        const auto rejected = event.as<OrderRejected>();
        add_order(header, rejected.order).reject_word = describe(rejected.reason).word;
        return;
    }
    case EventKind::order_traded:
        add_trade(header, event.as<OrderTraded>());
        return;
    case EventKind::balance_changed:
        add_balance(header, event.as<BalanceChanged>());
        return;
    default:
        add_reference(event);
        return;
    }
}

void Projection::Batch::add_reference(const Event& event) {
    switch (event.header.kind) {
    case EventKind::firm_created: {
        const auto created = event.as<FirmCreated>();
        firms_.push_back({number(created.firm), printable(created.code.view())});
        return;
    }
    case EventKind::account_changed:
        add_account(event.as<AccountChanged>());
        return;
    case EventKind::fix_session_changed:
        add_fix_session(event.as<FixSessionChanged>());
        return;
    case EventKind::session_entitled: {
        const auto entitled = event.as<SessionEntitled>();
        entitlements_.push_back({number(entitled.session), number(entitled.account)});
        return;
    }
    case EventKind::asset_created:
        add_asset(event.as<AssetCreated>());
        return;
    case EventKind::instrument_changed:
        add_instrument(event.as<InstrumentChanged>());
        return;
    default:
        return; // answers and session events change no row
    }
}

OrderRow& Projection::Batch::add_order(const EventHeader& header, const OrderImage& image) {
    auto [place, first] = orders_.try_emplace(image.order);
    OrderRow& row = place->second;
    if (first) row.entered_at = utc_text(header.time); // kept where the database has the order already
    row.order_id = number(image.order);
    row.account_id = number(image.account);
    row.instrument_id = number(image.instrument);
    row.fix_session_id = number(image.session);
    row.cl_ord_id = printable(image.cl_ord_id.view());
    row.side = word(image.side);
    row.ord_type = word(image.ord_type);
    row.time_in_force = word(image.time_in_force);
    row.ord_status = word(image.ord_status);
    row.price_ticks = number(image.price);
    row.order_qty_lots = number(image.order_qty);
    row.leaves_qty_lots = number(image.leaves_qty);
    row.cum_qty_lots = number(image.cum_qty);
    row.changed_at = utc_text(header.time);
    row.changed_by_event = number(header.number);
    if (const auto* steps = steps_.instrument(image.instrument); steps != nullptr) {
        if (image.ord_type != OrdType::market)
            row.price = OptionalText(format_units(image.price.value(), steps->tick));
        row.order_qty = OptionalText(format_units(image.order_qty.value(), steps->lot));
        row.leaves_qty = OptionalText(format_units(image.leaves_qty.value(), steps->lot));
        row.cum_qty = OptionalText(format_units(image.cum_qty.value(), steps->lot));
        row.avg_px = OptionalText(format_average_price(image.cum_tick_lots, image.cum_qty, steps->tick));
    }
    return row;
}

void Projection::Batch::add_trade(const EventHeader& header, const OrderTraded& traded) {
    add_order(header, traded.order);
    TradeRow row;
    row.trade_id = number(traded.trade);
    row.side = word(traded.order.side);
    row.order_id = number(traded.order.order);
    row.account_id = number(traded.order.account);
    row.instrument_id = number(traded.order.instrument);
    row.exec_id = std::to_string(header.sequence.value()) + "-" + std::to_string(header.index);
    row.maker = traded.maker;
    row.last_px_ticks = number(traded.last_px);
    row.last_qty_lots = number(traded.last_qty);
    row.notional = number(traded.notional);
    row.fee = number(traded.fee);
    row.traded_at = utc_text(header.time);
    row.event = number(header.number);
    if (const auto* steps = steps_.instrument(traded.order.instrument); steps != nullptr) {
        row.last_px = OptionalText(format_units(traded.last_px.value(), steps->tick));
        row.last_qty = OptionalText(format_units(traded.last_qty.value(), steps->lot));
        row.notional_text =
            OptionalText(format_units(traded.notional.value(), minor_unit(steps->quote_scale)));
        row.fee_text = OptionalText(format_units(traded.fee.value(), minor_unit(steps->quote_scale)));
    }
    trades_.push_back(std::move(row));
}

void Projection::Batch::add_balance(const EventHeader& header, const BalanceChanged& changed) {
    BalanceRow& row = balances_[{changed.account, changed.asset}];
    const Amount available = changed.total - changed.held;
    row.account_id = number(changed.account);
    row.asset_id = number(changed.asset);
    row.total = number(changed.total);
    row.held = number(changed.held);
    row.available = number(available);
    row.total_text = steps_.amount(changed.asset, changed.total);
    row.held_text = steps_.amount(changed.asset, changed.held);
    row.available_text = steps_.amount(changed.asset, available);
    row.changed_at = utc_text(header.time);
    row.changed_by_event = number(header.number);
}

void Projection::Batch::add_account(const AccountChanged& changed) {
    accounts_.push_back({.account_id = number(changed.account),
                         .firm_id = number(changed.firm),
                         .code = printable(changed.code.view()),
                         .frozen = changed.frozen,
                         .maker_fee = number(changed.maker_fee),
                         .taker_fee = number(changed.taker_fee),
                         .most_open_orders = changed.most_open_orders,
                         .most_order_qty = number(changed.most_order_qty),
                         .most_notional = number(changed.most_notional)});
}

void Projection::Batch::add_fix_session(const FixSessionChanged& changed) {
    fix_sessions_.push_back({.fix_session_id = number(changed.session),
                             .firm_id = number(changed.firm),
                             .comp_id = printable(changed.comp_id.view()),
                             .kind = std::string(word(changed.session_kind)),
                             .cancel_on_disconnect = std::string(word(changed.cancel_on_disconnect)),
                             .resend_max_age = changed.resend_max_age,
                             .revoked = changed.revoked});
}

void Projection::Batch::add_asset(const AssetCreated& created) {
    assets_.push_back({number(created.asset), printable(created.code.view()), created.scale});
    steps_.scales.insert_or_assign(number(created.asset), created.scale);
}

void Projection::Batch::add_instrument(const InstrumentChanged& changed) {
    const Decimal tick{changed.tick_mantissa, changed.tick_scale};
    const Decimal lot{changed.lot_mantissa, changed.lot_scale};
    instruments_.push_back({.instrument_id = number(changed.instrument),
                            .symbol = printable(changed.symbol.view()),
                            .base = number(changed.base),
                            .quote = number(changed.quote),
                            .tick = std::string(format_units(1, tick).view()),
                            .tick_mantissa = tick.mantissa,
                            .tick_scale = tick.scale,
                            .lot = std::string(format_units(1, lot).view()),
                            .lot_mantissa = lot.mantissa,
                            .lot_scale = lot.scale,
                            .least_quantity = number(changed.least_quantity),
                            .most_quantity = number(changed.most_quantity),
                            .least_notional = number(changed.least_notional),
                            .market_protection = changed.market_protection,
                            .state = std::string(word(changed.state))});
    steps_.add(number(changed.instrument), tick, lot, number(changed.quote));
}

void Projection::Batch::write(Writers& writers) {
    writers.firms.write(firms_);
    writers.accounts.write(accounts_);
    writers.fix_sessions.write(fix_sessions_);
    writers.entitlements.write(entitlements_);
    writers.assets.write(assets_);
    writers.instruments.write(instruments_);
    auto orders = values(std::move(orders_));
    writers.orders.write(orders);
    writers.trades.write(trades_);
    auto balances = values(std::move(balances_));
    writers.balances.write(balances);
}

Projection::Projection(Connection& connection)
    : connection_{connection} {
    translating_errors([this] {
        auto& sql = connection_.sql();
        sql << "INSERT INTO projection (follower, next_event) VALUES (:follower, 1) "
               "ON CONFLICT (follower) DO NOTHING",
            soci::use(follower, "follower");
        steps_ = std::make_unique<Steps>(sql);
        writers_ = std::make_unique<Writers>(sql);
    });
}

Projection::~Projection() = default;

EventNumber Projection::position() {
    return translating_errors([this] {
        long long next{};
        connection_.sql() << "SELECT next_event FROM projection WHERE follower = :follower", soci::into(next),
            soci::use(follower, "follower");
        return EventNumber{static_cast<std::uint64_t>(next)};
    });
}

bool Projection::project(EventNumber from, std::span<const Event> events) {
    Batch batch(*steps_);
    for (const auto& event : events)
        batch.add(event);

    const auto before = number(from);
    const auto after = before + static_cast<long long>(events.size());
    return translating_errors([&] {
        auto& sql = connection_.sql();
        soci::transaction transaction(sql);
        soci::statement advance =
            (sql.prepare << "UPDATE projection SET next_event = :after "
                            "WHERE follower = :follower AND next_event = :before",
             soci::use(after, "after"), soci::use(follower, "follower"), soci::use(before, "before"));
        advance.execute(true);
        if (advance.get_affected_rows() != 1) return false;
        batch.write(*writers_);
        transaction.commit();
        return true;
    });
}

} // namespace tradehive::db
