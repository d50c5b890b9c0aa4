#include "trader/fix_fields.hpp"

namespace tradehive::trader {
namespace {

namespace field = FIX::FIELD;

void set(FIX::FieldMap& fields, int tag, const std::string& text) {
    if (!text.empty()) fields.setField(tag, text);
}

void set(FIX::FieldMap& fields, int tag, char character) {
    fields.setField(tag, std::string(1, character));
}

FIX::Message message_of_type(const std::string& msg_type) {
    FIX::Message message;
    message.getHeader().setField(FIX::BeginString(FIX::BeginString_FIX44));
    message.getHeader().setField(FIX::MsgType(msg_type));
    return message;
}

void set_transact_time(FIX::Message& message) {
    message.setField(FIX::TransactTime(FIX::UtcTimeStamp(), 3));
}

void set_order(FIX::Message& message, const OrderEntry& order) {
    set(message, field::ClOrdID, order.cl_ord_id);
    set(message, field::Account, order.account);
    set(message, field::Symbol, order.symbol);
    set(message, field::Side, static_cast<char>(order.side));
    set(message, field::OrdType, static_cast<char>(order.ord_type));
    set(message, field::TimeInForce, static_cast<char>(order.time_in_force));
    set(message, field::OrderQty, order.order_qty);
    set(message, field::Price, order.price);
    set_transact_time(message);
}

char first_character(const FIX::FieldMap& fields, int tag) {
    const auto text = field_text(fields, tag);
    return text.empty() ? '\0' : text.front();
}

bool is_yes(const FIX::FieldMap& fields, int tag) {
    return first_character(fields, tag) == 'Y';
}

} // namespace

std::string field_text(const FIX::FieldMap& fields, int tag) {
    return fields.isSetField(tag) ? fields.getField(tag) : std::string{};
}

FIX::Message new_order_single(const OrderEntry& order) {
    auto message = message_of_type(FIX::MsgType_NewOrderSingle);
    set_order(message, order);
    return message;
}

FIX::Message order_cancel_request(const OrderCancel& cancel) {
    auto message = message_of_type(FIX::MsgType_OrderCancelRequest);
    set(message, field::ClOrdID, cancel.cl_ord_id);
    set(message, field::OrigClOrdID, cancel.orig_cl_ord_id);
    set(message, field::Account, cancel.account);
    set(message, field::Symbol, cancel.symbol);
    set(message, field::Side, static_cast<char>(cancel.side));
    set(message, field::OrderQty, cancel.order_qty);
    set_transact_time(message);
    return message;
}

FIX::Message order_cancel_replace_request(const OrderReplace& replace) {
    auto message = message_of_type(FIX::MsgType_OrderCancelReplaceRequest);
    set_order(message, replace.order);
    set(message, field::OrigClOrdID, replace.orig_cl_ord_id);
    return message;
}

FIX::Message order_status_request(const StatusQuestion& question) {
    auto message = message_of_type(FIX::MsgType_OrderStatusRequest);
    set(message, field::ClOrdID, question.cl_ord_id);
    set(message, field::Account, question.account);
    set(message, field::Symbol, question.symbol);
    set(message, field::Side, static_cast<char>(question.side));
    return message;
}

FIX::Message market_data_request(const BookQuestion& question) {
    auto message = message_of_type(FIX::MsgType_MarketDataRequest);
    set(message, field::MDReqID, question.md_req_id);
    set(message, field::SubscriptionRequestType, question.subscription);
    set(message, field::MarketDepth, std::to_string(question.depth));
    if (question.subscription != '0') set(message, field::MDUpdateType, '1');
    set(message, field::AggregatedBook, 'Y');
    for (const char entry_type : question.entry_types) {
        FIX::Group group(field::NoMDEntryTypes, field::MDEntryType);
        set(group, field::MDEntryType, entry_type);
        message.addGroup(group);
    }
    FIX::Group symbol(field::NoRelatedSym, field::Symbol);
    set(symbol, field::Symbol, question.symbol);
    message.addGroup(symbol);
    return message;
}

Report read_report(const FIX::Message& message) {
    Report report{
        .exec_id = field_text(message, field::ExecID),
        .order_id = field_text(message, field::OrderID),
        .cl_ord_id = field_text(message, field::ClOrdID),
        .orig_cl_ord_id = field_text(message, field::OrigClOrdID),
        .account = field_text(message, field::Account),
        .symbol = field_text(message, field::Symbol),
        .order_qty = field_text(message, field::OrderQty),
        .price = field_text(message, field::Price),
        .cum_qty = field_text(message, field::CumQty),
        .leaves_qty = field_text(message, field::LeavesQty),
        .last_qty = field_text(message, field::LastQty),
        .last_px = field_text(message, field::LastPx),
        .avg_px = field_text(message, field::AvgPx),
        .trade_id = field_text(message, field::SecondaryExecID),
        .fee = {},
        .text = field_text(message, field::Text),
        .exec_type = first_character(message, field::ExecType),
        .ord_status = first_character(message, field::OrdStatus),
        .side = first_character(message, field::Side),
        .poss_dup = is_yes(message.getHeader(), field::PossDupFlag),
        .poss_resend = is_yes(message.getHeader(), field::PossResend),
    };
    if (message.groupCount(field::NoMiscFees) > 0) {
        FIX::Group fees(field::NoMiscFees, field::MiscFeeAmt);
        message.getGroup(1, fees);
        report.fee = field_text(fees, field::MiscFeeAmt);
    }
    return report;
}

CancelRefusal read_cancel_refusal(const FIX::Message& message) {
    return {
        .cl_ord_id = field_text(message, field::ClOrdID),
        .orig_cl_ord_id = field_text(message, field::OrigClOrdID),
        .order_id = field_text(message, field::OrderID),
        .text = field_text(message, field::Text),
        .ord_status = first_character(message, field::OrdStatus),
    };
}

namespace {

// first: the field with which each entry begins.
std::vector<BookEntry> read_entries(const FIX::Message& message, int first) {
    const auto symbol = field_text(message, field::Symbol);
    const auto count = static_cast<unsigned>(message.groupCount(field::NoMDEntries));
    std::vector<BookEntry> entries;
    FIX::Group group(field::NoMDEntries, first);
    for (unsigned number = 1; number <= count; ++number) {
        message.getGroup(number, group);
        BookEntry entry{.type = first_character(group, field::MDEntryType),
                        .symbol = field_text(group, field::Symbol),
                        .price = field_text(group, field::MDEntryPx),
                        .quantity = field_text(group, field::MDEntrySize),
                        .orders = field_text(group, field::NumberOfOrders),
                        .time = field_text(group, field::MDEntryTime)};
        if (const char action = first_character(group, field::MDUpdateAction)) entry.action = action;
        if (entry.symbol.empty()) entry.symbol = symbol;
        entries.push_back(std::move(entry));
    }
    return entries;
}

} // namespace

BookSnapshot read_snapshot(const FIX::Message& message) {
    BookSnapshot snapshot{.md_req_id = field_text(message, field::MDReqID),
                          .symbol = field_text(message, field::Symbol),
                          .bids = {},
                          .offers = {},
                          .entries = read_entries(message, field::MDEntryType)};
    for (const auto& entry : snapshot.entries)
        if (entry.type == '0' || entry.type == '1')
            (entry.type == '0' ? snapshot.bids : snapshot.offers)
                .push_back({.price = entry.price, .quantity = entry.quantity});
    return snapshot;
}

BookChange read_book_change(const FIX::Message& message) {
    return {.md_req_id = field_text(message, field::MDReqID),
            .entries = read_entries(message, field::MDUpdateAction)};
}

MessageRefusal read_message_refusal(const FIX::Message& message) {
    auto ref_id = field_text(message, field::BusinessRejectRefID);
    if (ref_id.empty()) ref_id = field_text(message, field::MDReqID);
    return {
        .msg_type = field_text(message.getHeader(), field::MsgType),
        .ref_msg_type = field_text(message, field::RefMsgType),
        .ref_id = std::move(ref_id),
        .ref_seq_num = field_text(message, field::RefSeqNum),
        .text = field_text(message, field::Text),
    };
}

} // namespace tradehive::trader
