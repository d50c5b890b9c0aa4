// FIX 4.4 messages ⇄ the structs of messages.hpp. Pure: no session, no clock but TransactTime(60).
#pragma once

#include "trader/messages.hpp"
#include "trader/quickfix_client.hpp"

namespace tradehive::trader {

[[nodiscard]] FIX::Message new_order_single(const OrderEntry& order);
[[nodiscard]] FIX::Message order_cancel_request(const OrderCancel& cancel);
[[nodiscard]] FIX::Message order_cancel_replace_request(const OrderReplace& replace);
[[nodiscard]] FIX::Message order_status_request(const StatusQuestion& question);
[[nodiscard]] FIX::Message market_data_request(const BookQuestion& question);

[[nodiscard]] Report read_report(const FIX::Message& message);
[[nodiscard]] CancelRefusal read_cancel_refusal(const FIX::Message& message);
[[nodiscard]] BookSnapshot read_snapshot(const FIX::Message& message);
[[nodiscard]] BookChange read_book_change(const FIX::Message& message);
[[nodiscard]] MessageRefusal read_message_refusal(const FIX::Message& message);

// Empty when the field is absent.
[[nodiscard]] std::string field_text(const FIX::FieldMap& fields, int tag);

} // namespace tradehive::trader
