// W1 (workload.hpp) as commands to a venue: buys of one account by one FIX session, sells of another by
// another, each with as much money as it may need; every order and cancel with a ClOrdID of its own.
#pragma once

#include "domain/command.hpp"
#include "tests/bench/workload.hpp"

#include <charconv>
#include <cstdint>
#include <vector>

namespace tradehive::bench {

class VenueCommands {
public:
    // step: between the times of two commands, in nanoseconds.
    explicit VenueCommands(const Workload& workload, std::int64_t step = 1'000)
        : step_{step} {
        commands_.reserve(setup_room + workload.operations.size());
        set_up();
        setup_ = commands_.size();
        std::vector<OrderId> ids{OrderId{}};
        std::vector<Side> sides{Side{}};
        for (const Operation& operation : workload.operations) {
            if (operation.cancels) {
                cancel(ids[operation.order.value()], sides[operation.order.value()]);
                continue;
            }
            ids.emplace_back(commands_.size() + 1);
            sides.push_back(operation.side);
            enter(operation);
        }
    }

    [[nodiscard]] const std::vector<Command>& all() const noexcept { return commands_; }
    // Of them: those before the first order.
    [[nodiscard]] std::size_t setup() const noexcept { return setup_; }

private:
    static constexpr std::size_t setup_room = 32;

    template <CommandBody Body>
    void control(const Body& body) {
        Origin origin;
        origin.channel = Channel::control;
        add(origin, body);
    }
    template <CommandBody Body>
    void add(const Origin& origin, const Body& body) {
        Command command = make_command(origin, body);
        command.header.sequence = Sequence{commands_.size() + 1};
        command.header.time = Timestamp{static_cast<std::int64_t>(commands_.size() + 1) * step_};
        commands_.push_back(command);
    }

    void set_up() {
        for (const auto* code : {"BASE", "QUOTE"}) {
            CreateAsset asset;
            asset.code = Code::cut(code);
            asset.scale = 4;
            control(asset);
        }
        CreateInstrument instrument;
        instrument.symbol = Symbol::cut("BASE-QUOTE");
        instrument.base = AssetId{1};
        instrument.quote = AssetId{2};
        instrument.tick_mantissa = instrument.lot_mantissa = 1;
        instrument.tick_scale = instrument.lot_scale = 2;
        control(instrument);
        for (std::uint32_t i = 0; i < 2; ++i) {
            const std::string_view name = i == 0 ? "BUYER" : "SELLER";
            CreateAccount account;
            account.code = Code::cut(name);
            account.firm = venue_firm;
            account.maker_fee = FeeRate{-50};
            account.taker_fee = FeeRate{200};
            control(account);
            CreateFixSession session;
            session.comp_id = CompID::cut(name);
            session.firm = venue_firm;
            control(session);
            const AccountId id{i + 2};
            control(EntitleSession{.session = FixSessionId{i + 1}, .account = id});
            for (const std::uint32_t asset : {1U, 2U})
                control(
                    Deposit{.key = {}, .account = id, .asset = AssetId{asset}, .amount = Amount{1LL << 60}});
            add({}, LogOnSession{.session = FixSessionId{i + 1}});
        }
    }

    Origin next_message(Side side) {
        const std::uint32_t session = side == Side::buy ? 1 : 2;
        Origin origin;
        origin.channel = Channel::fix;
        origin.session = FixSessionId{session};
        origin.epoch = Epoch{1};
        origin.number = MsgSeqNum{++numbers_[session - 1]};
        return origin;
    }

    ClOrdID next_name() {
        std::array<char, 20> digits{};
        const auto [end, error] = std::to_chars(digits.begin(), digits.end(), commands_.size() + 1);
        return ClOrdID::cut({digits.data(), static_cast<std::size_t>(end - digits.data())});
    }

    void enter(const Operation& operation) {
        EnterOrder order;
        order.account = AccountId{operation.side == Side::buy ? 2U : 3U};
        order.instrument = InstrumentId{1};
        order.price = operation.limit;
        order.order_qty = operation.quantity;
        order.cl_ord_id = next_name();
        order.side = operation.side;
        order.ord_type = OrdType::limit;
        order.time_in_force = TimeInForce::good_till_cancel;
        add(next_message(operation.side), order);
    }

    void cancel(OrderId order, Side side) {
        CancelOrder request;
        request.order = order;
        request.cl_ord_id = next_name();
        add(next_message(side), request);
    }

    std::int64_t step_;
    std::vector<Command> commands_;
    std::size_t setup_{};
    std::array<std::uint64_t, 2> numbers_{};
};

} // namespace tradehive::bench
