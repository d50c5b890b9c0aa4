// The fields of the state's structs, each list standing for saving and loading alike, and the two archives
// that walk them. Private to state_bytes.cpp.
//
// Loading believes nothing: a text, flag or word that cannot be is a StateError.
#pragma once

#include "journal/byte_stream.hpp"
#include "venue/state.hpp"
#include "venue/state_bytes.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace tradehive::venue {

// --- archives -------------------------------------------------------------------------------------------

template <class T>
inline constexpr bool is_tagged = false;
template <class Tag, class Representation>
inline constexpr bool is_tagged<Tagged<Tag, Representation>> = true;
template <class T>
inline constexpr bool is_text = false;
template <std::size_t Capacity>
inline constexpr bool is_text<FixedText<Capacity>> = true;

inline constexpr std::size_t archive_piece = std::size_t{64} << 10U;

class Writing {
public:
    explicit Writing(journal::ByteSink& sink)
        : sink_{sink}
        , piece_(archive_piece) {}

    template <class... Values>
    void operator()(const Values&... values) {
        (one(values), ...);
    }
    // What layouts before that one do not have.
    template <class... Values>
    void since(std::uint32_t /*layout*/, const Values&... values) {
        (one(values), ...);
    }
    void finish() {
        sink_.write(std::span{piece_}.first(at_));
        at_ = 0;
    }

private:
    template <class Value>
    void one(const Value& value) {
        if constexpr (std::same_as<Value, bool>)
            raw(static_cast<std::uint8_t>(value));
        else if constexpr (is_tagged<Value>)
            raw(value.value());
        else if constexpr (std::integral<Value> || std::is_enum_v<Value> || is_text<Value>)
            raw(value);
        else
            fields(*this, value);
    }
    template <class Flat>
        requires std::has_unique_object_representations_v<Flat>
    void raw(const Flat& flat) {
        if (at_ + sizeof flat > archive_piece) finish();
        std::memcpy(piece_.data() + at_, &flat, sizeof flat);
        at_ += sizeof flat;
    }

    journal::ByteSink& sink_;
    std::vector<std::byte> piece_;
    std::size_t at_{}; // filled
};

class Reading {
public:
    Reading(journal::ByteSource& source, std::uint32_t layout)
        : source_{source}
        , layout_{layout}
        , piece_(archive_piece) {}

    // What the bytes were written as; see state_layout.
    [[nodiscard]] std::uint32_t layout() const noexcept { return layout_; }

    template <class... Values>
    void operator()(Values&... values) {
        (one(values), ...);
    }
    // What layouts before that one do not have stays as it begins.
    template <class... Values>
    void since(std::uint32_t layout, Values&... values) {
        if (layout_ >= layout) (one(values), ...);
    }

    [[nodiscard]] std::uint64_t count(std::uint64_t most, const char* of) {
        std::uint64_t count{};
        raw(count);
        require(count <= most, of);
        return count;
    }
    void require(bool holds, const char* what) const {
        if (!holds)
            throw StateError{"byte " + std::to_string(read_) + " of the state: " + what + " cannot be so"};
    }
    void finish() {
        if (at_ == end_) fill();
        require(at_ == end_, "something behind the end");
    }
    // Of all that was read.
    [[nodiscard]] journal::Digest digest() const { return hash_.digest(); }

private:
    template <class Value>
    void one(Value& value) {
        if constexpr (std::same_as<Value, bool>) {
            std::uint8_t flag{};
            raw(flag);
            require(flag <= 1, "a flag");
            value = flag != 0;
        } else if constexpr (is_tagged<Value>) {
            typename Value::representation inner{};
            raw(inner);
            value = Value{inner};
        } else if constexpr (is_text<Value>) {
            text(value);
        } else if constexpr (std::is_enum_v<Value>) {
            raw(value);
            require(is_known(value), "a word");
        } else if constexpr (std::integral<Value>) {
            raw(value);
        } else {
            fields(*this, value);
        }
    }

    template <std::size_t Capacity>
    void text(FixedText<Capacity>& value) {
        std::array<char, Capacity + 1> bytes{};
        static_assert(sizeof bytes == sizeof value);
        raw(bytes);
        const auto size = static_cast<std::uint8_t>(bytes.back());
        require(size <= Capacity, "the length of a text");
        value = *FixedText<Capacity>::from({bytes.data(), size});
        require(std::memcmp(&value, bytes.data(), sizeof value) == 0, "what is behind a text");
    }

    template <class Flat>
        requires std::has_unique_object_representations_v<Flat>
    void raw(Flat& flat) {
        if (end_ - at_ < sizeof flat) fill();
        require(end_ - at_ >= sizeof flat, "its end, which comes too early,");
        std::memcpy(&flat, piece_.data() + at_, sizeof flat);
        at_ += sizeof flat;
        read_ += sizeof flat;
    }
    // What has not been taken stays in front.
    void fill() {
        std::copy(piece_.begin() + static_cast<std::ptrdiff_t>(at_),
                  piece_.begin() + static_cast<std::ptrdiff_t>(end_), piece_.begin());
        end_ -= std::exchange(at_, 0);
        const auto more = source_.read(std::span{piece_}.subspan(end_));
        hash_.add(std::span{piece_}.subspan(end_, more));
        end_ += more;
    }

    journal::ByteSource& source_;
    const std::uint32_t layout_;
    std::vector<std::byte> piece_;
    std::size_t at_{};
    std::size_t end_{};
    std::uint64_t read_{};
    journal::Sha256 hash_;
};

// --- fields. What is bound and not archived follows from the place where the struct stands. ---------------

template <class Thing, class Wanted>
concept Of = std::same_as<std::remove_const_t<Thing>, Wanted>;

template <class Archive, Of<Decimal> Thing>
void fields(Archive& archive, Thing& thing) {
    auto& [mantissa, scale] = thing;
    archive(mantissa, scale);
}

template <class Archive, Of<risk::FeeRates> Thing>
void fields(Archive& archive, Thing& thing) {
    auto& [maker, taker] = thing;
    archive(maker, taker);
}

template <class Archive, Of<risk::Balance> Thing>
void fields(Archive& archive, Thing& thing) {
    auto& [total, held] = thing;
    archive(total, held);
}

template <class Archive, Of<FirmView> Thing>
void fields(Archive& archive, Thing& thing) {
    auto& [firm, code, killed] = thing;
    archive(code);
    archive.since(3, killed);
}

template <class Archive, Of<AccountView> Thing>
void fields(Archive& archive, Thing& thing) {
    auto& [account, firm, code, frozen, killed, maker_fee, taker_fee, most_open_orders, most_order_qty,
           most_notional] = thing;
    archive(firm, code, frozen, maker_fee, taker_fee, most_open_orders, most_order_qty, most_notional);
    archive.since(3, killed);
}

template <class Archive, Of<Asset> Thing>
void fields(Archive& archive, Thing& thing) {
    auto& [asset, code, scale] = thing;
    archive(code, scale);
}

template <class Archive, Of<Instrument> Thing>
void fields(Archive& archive, Thing& thing) {
    auto& [instrument, symbol, base, quote, tick, lot, base_units_per_lot, units_per_tick_lot, least_quantity,
           most_quantity, least_notional, market_protection, state, lowest_price, highest_price] = thing;
    archive(symbol, base, quote, tick, lot, least_quantity, most_quantity, least_notional, market_protection,
            state);
    archive.since(3, lowest_price, highest_price);
}

// The accounts that it is entitled to stand behind it.
template <class Archive, Of<FixSessionView> Thing>
void fields(Archive& archive, Thing& thing) {
    auto& [session, firm, comp_id, kind, cancel_on_disconnect, resend_max_age, revoked, killed, self_match,
           accounts] = thing;
    archive(firm, comp_id, kind, cancel_on_disconnect, resend_max_age, revoked);
    archive.since(3, killed, self_match);
}

template <class Archive, Of<SessionState> Thing>
void fields(Archive& archive, Thing& thing) {
    auto& [epoch, next_in, first_out, logged_on, cancel_on_disconnect, last_totp_step, last_code_at,
           last_code_address, last_code_mark, entitled] = thing;
    archive(epoch, next_in, first_out, logged_on, cancel_on_disconnect, last_totp_step, last_code_at,
            last_code_address, last_code_mark);
}

template <class Archive, Of<OrderImage> Thing>
void fields(Archive& archive, Thing& thing) {
    auto& [order, account, instrument, session, side, ord_type, time_in_force, ord_status, price, order_qty,
           leaves_qty, cum_qty, cum_tick_lots, cl_ord_id, stop_px, display_qty, shown_qty, min_qty,
           cash_order_qty, expire_time, exec_inst, self_match, triggered, reserved] = thing;
    archive(order, account, instrument, session, side, ord_type, time_in_force, ord_status, price, order_qty,
            leaves_qty, cum_qty, cum_tick_lots, cl_ord_id);
    archive.since(3, stop_px, display_qty, shown_qty, min_qty, cash_order_qty, expire_time, exec_inst,
                  self_match, triggered);
}

template <class Archive, Of<Order> Thing>
void fields(Archive& archive, Thing& thing) {
    auto& [image, limit, rates, held, entered, ended, name, names, of_account, of_session, ended_after] =
        thing;
    archive(image, limit, rates, held, entered, ended);
}

template <class Archive, Of<TradeStatistics> Thing>
void fields(Archive& archive, Thing& thing) {
    auto& [open, high, low, close, volume, last, last_qty, last_time] = thing;
    archive(open, high, low, close, volume, last, last_qty, last_time);
}

// The orders of its book stand behind it, then those that wait.
template <class Archive, Of<Market> Thing>
void fields(Archive& archive, Thing& thing) {
    auto& [book, waiting, trades] = thing;
    archive(trades);
}

template <class Archive, Of<AnsweredKeys::Name> Thing>
void fields(Archive& archive, Thing& thing) {
    auto& [kind, key] = thing;
    archive(kind, key);
}

template <class Archive, Of<CommandDone> Thing>
void fields(Archive& archive, Thing& thing) {
    auto& [made, bound, reason, repeated, reserved] = thing;
    archive(made, bound, reason, repeated);
}

template <class Archive, Of<AnsweredKeys::Answered> Thing>
void fields(Archive& archive, Thing& thing) {
    auto& [answer, body] = thing;
    archive(answer, body);
}

// The parts of the state stand behind its counters.
template <class Archive, Of<State> Thing>
void fields(Archive& archive, Thing& thing) {
    auto& [registry, sessions, markets, ledger, orders, expiries, keys, sequence, time, next_event,
           last_trade, last_day_ended, last_reset] = thing;
    archive(sequence, time, next_event, last_trade, last_day_ended);
    archive.since(4, last_reset);
}

} // namespace tradehive::venue
