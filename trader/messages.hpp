// What the client says to a venue and hears from it, as plain structs with FIX's names. Numbers stay the
// text that stands in the message: whoever needs integers reads them exactly, by tick and lot.
//
// VenueGate is the way to the venue, VenueListener the way back. FixClient is the gate over FIX; tests put a
// small model in its place.
#pragma once

#include "domain/terms.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tradehive::trader {

struct OrderEntry { // D
    std::string cl_ord_id;
    std::string account;
    std::string symbol;
    Side side{Side::buy};
    OrdType ord_type{OrdType::limit};
    TimeInForce time_in_force{TimeInForce::good_till_cancel};
    std::string order_qty;
    std::string price; // empty on a market order
};

struct OrderCancel { // F
    std::string cl_ord_id;
    std::string orig_cl_ord_id;
    std::string account;
    std::string symbol;
    Side side{Side::buy};
    std::string order_qty;
};

struct OrderReplace { // G
    std::string orig_cl_ord_id;
    OrderEntry order; // with its new ClOrdID; OrderQty counts what is already filled
};

struct StatusQuestion { // H
    std::string cl_ord_id;
    std::string account;
    std::string symbol;
    Side side{Side::buy};
};

struct BookQuestion { // V by price
    std::string md_req_id;
    std::string symbol;
    int depth{};                   // MarketDepth(264): 0 full, 1, 5, 10, 20, 50
    char subscription{'0'};        // 263: 0 one snapshot, 1 snapshot and changes, 2 no more of them
    std::string entry_types{"01"}; // 269, a character each: 0 bid, 1 offer, 2 trade, 4 5 7 8 B statistics
};

struct Report { // 8
    std::string exec_id;
    std::string order_id;
    std::string cl_ord_id;
    std::string orig_cl_ord_id;
    std::string account;
    std::string symbol;
    std::string order_qty;
    std::string price;
    std::string cum_qty;
    std::string leaves_qty;
    std::string last_qty;
    std::string last_px;
    std::string avg_px;
    std::string trade_id; // SecondaryExecID(527)
    std::string fee;      // MiscFeeAmt(137) of the first fee
    std::string text;
    char exec_type{};
    char ord_status{};
    char side{};
    bool poss_dup{};
    bool poss_resend{};
};

struct CancelRefusal { // 9
    std::string cl_ord_id;
    std::string orig_cl_ord_id;
    std::string order_id;
    std::string text;
    char ord_status{};
};

struct BookLevel {
    std::string price;
    std::string quantity;
};

struct BookEntry {          // of W and X
    char action{'0'};       // 279: 0 new, 1 change, 2 delete; in W always new
    char type{};            // 269
    std::string symbol{};   // 55; in W that of the message
    std::string price{};    // 270
    std::string quantity{}; // 271
    std::string orders{};   // 346
    std::string time{};     // 273
};

struct BookSnapshot { // W
    std::string md_req_id;
    std::string symbol;
    std::vector<BookLevel> bids; // as sent: best first
    std::vector<BookLevel> offers;
    std::vector<BookEntry> entries{}; // all of them
};

struct BookChange { // X
    std::string md_req_id;
    std::vector<BookEntry> entries;
};

struct MessageRefusal {       // 3, j, Y: something that we sent was refused as a message
    std::string msg_type;     // of the refusal
    std::string ref_msg_type; // 372
    std::string ref_id;       // 379 or 262; empty on a session-level reject, which has only a number
    std::string ref_seq_num;  // 45
    std::string text;
};

// Called on the connection's own thread, one call at a time; an implementation locks what it shares.
class VenueListener {
public:
    VenueListener() = default;
    VenueListener(const VenueListener&) = delete;
    VenueListener& operator=(const VenueListener&) = delete;
    VenueListener(VenueListener&&) = delete;
    VenueListener& operator=(VenueListener&&) = delete;
    virtual ~VenueListener() = default;

    virtual void on_report(const Report& report) = 0;
    virtual void on_cancel_refused(const CancelRefusal& refusal) = 0;
    virtual void on_book(const BookSnapshot& snapshot) = 0;
    virtual void on_book_change(const BookChange&) {} // only who subscribes gets any
    virtual void on_message_refused(const MessageRefusal& refusal) = 0;
    virtual void on_logged_on() = 0;
    // Also when the connection was cut. The text is the venue's, from its Logout; empty when it sent none.
    virtual void on_logged_out(std::string_view text) = 0;
};

// For who looks at the messages themselves.
class SilentListener final : public VenueListener {
public:
    void on_report(const Report&) override {}
    void on_cancel_refused(const CancelRefusal&) override {}
    void on_book(const BookSnapshot&) override {}
    void on_message_refused(const MessageRefusal&) override {}
    void on_logged_on() override {}
    void on_logged_out(std::string_view) override {}
};

// A message that is given to the gate is sent now or, when there is no connection, after the next logon by
// the session layer's resend: it is never dropped. Safe from any thread but the listener's callbacks may
// come before a call returns.
class VenueGate {
public:
    VenueGate() = default;
    VenueGate(const VenueGate&) = delete;
    VenueGate& operator=(const VenueGate&) = delete;
    VenueGate(VenueGate&&) = delete;
    VenueGate& operator=(VenueGate&&) = delete;
    virtual ~VenueGate() = default;

    virtual void enter(const OrderEntry& order) = 0;
    virtual void cancel(const OrderCancel& cancel) = 0;
    virtual void replace(const OrderReplace& replace) = 0;
    virtual void ask(const StatusQuestion& question) = 0;
    virtual void ask(const BookQuestion& question) = 0;
};

} // namespace tradehive::trader
