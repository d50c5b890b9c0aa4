// The message view and the message writer over QuickFIX's Message. Fields are read and written as text only.
#include "acceptor/translation/fields.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace tradehive::acceptor {

namespace {

std::string_view text_of(const FIX::FieldMap& map, int tag) {
    return map.isSetField(tag) ? std::string_view{map.getField(tag)} : std::string_view{};
}

std::string_view first_of(const FIX::FieldMap& map, std::initializer_list<int> tags) {
    for (const int tag : tags)
        if (map.isSetField(tag)) return map.getField(tag);
    return {};
}

void view_market_data_groups(const FIX::Message& message, InboundFields& fields) {
    constexpr int no_md_entry_types = 267;
    constexpr int no_related_sym = 146;
    for (std::size_t i = 1; i <= message.groupCount(no_md_entry_types); ++i) {
        const auto text = text_of(message.getGroupRef(static_cast<int>(i), no_md_entry_types), 269);
        const auto* const type = std::ranges::find_if(market_data::entry_types, [&](auto known) {
            return text.size() == 1 && text.front() == static_cast<char>(known);
        });
        if (type == market_data::entry_types.end())
            fields.other_entry_types = true;
        else
            fields.entry_types.add(*type);
    }
    for (std::size_t i = 1; i <= message.groupCount(no_related_sym); ++i)
        fields.symbols.push_back(text_of(message.getGroupRef(static_cast<int>(i), no_related_sym), 55));
    if (!fields.symbols.empty()) fields.symbol = fields.symbols.front();
}

int request_id_tag(std::string_view msg_type) noexcept {
    if (msg_type == "H") return 790;
    if (msg_type == "AF") return 584;
    if (msg_type == "x") return 320;
    if (msg_type == "e") return 324;
    if (msg_type == "g") return 335;
    if (msg_type == "BE") return 923;
    return 262;
}

// The groups that are sent: the count field, then the fields of an entry in their order.
struct GroupOrder {
    int count_tag{};
    std::array<int, 7> tags{}; // ends with 0
};

std::span<const GroupOrder> groups_sent(FixVersion version) noexcept {
    static constexpr GroupOrder lines_of_text{33, {58}};
    static constexpr GroupOrder misc_fees{136, {137, 138, 139, 891}};
    // NoRelatedSym of y and B
    static constexpr std::array fix44{lines_of_text, misc_fees, GroupOrder{146, {55, 15, 561, 562}}};
    static constexpr std::array fix50sp2{lines_of_text, misc_fees,
                                         GroupOrder{146, {55, 969, 562, 1140, 561, 15}}};
    if (version == FixVersion::fix44) return fix44;
    return fix50sp2;
}

} // namespace

InboundFields view(const FIX::Message& message) {
    const auto& header = message.getHeader();
    InboundFields fields;
    fields.msg_type = text_of(header, 35);
    fields.appl_ver_id = text_of(header, 1128);
    fields.poss_dup = text_of(header, 43);
    fields.poss_resend = text_of(header, 97);
    fields.orig_sending_time = text_of(header, 122);

    fields.account = text_of(message, 1);
    fields.cl_ord_id = text_of(message, 11);
    fields.order_id = text_of(message, 37);
    fields.order_qty = text_of(message, 38);
    fields.ord_type = text_of(message, 40);
    fields.orig_cl_ord_id = text_of(message, 41);
    fields.price = text_of(message, 44);
    fields.side = text_of(message, 54);
    fields.symbol = text_of(message, 55);
    fields.time_in_force = text_of(message, 59);
    fields.price_type = text_of(message, 423);
    fields.qty_type = text_of(message, 854);
    fields.exec_inst = text_of(message, 18);
    fields.stop_px = text_of(message, 99);
    fields.min_qty = text_of(message, 110);
    fields.max_floor = first_of(message, {111, 210, 1138});
    fields.expire_time = text_of(message, 126);
    fields.cash_order_qty = text_of(message, 152);
    fields.expire_date = text_of(message, 432);
    fields.self_match = text_of(message, 20122);
    fields.trigger_type = text_of(message, 1100);
    fields.trigger_action = text_of(message, 1101);
    fields.trigger_price = text_of(message, 1102);
    fields.trigger_price_type = text_of(message, 1107);
    fields.trigger_direction = text_of(message, 1109);
    fields.self_match_instruction = text_of(message, 2964);
    fields.names_parties = fields.msg_type == "q" && (message.isSetField(453) || message.isSetField(1461));
    fields.mass_type = text_of(message, fields.msg_type == "AF" ? 585 : 530);
    const auto* const unsupported =
        std::ranges::find_if(tags_that_change_an_order, [&](int tag) { return message.isSetField(tag); });
    if (unsupported != tags_that_change_an_order.end()) fields.unsupported_tag = *unsupported;

    fields.request_id = text_of(message, request_id_tag(fields.msg_type));
    fields.subscription = text_of(message, 263);
    fields.list_type = text_of(message, 559);
    fields.trading_session = text_of(message, 336);
    if (fields.msg_type == "V") {
        fields.depth = text_of(message, 264);
        fields.update_type = text_of(message, 265);
        fields.aggregated_book = text_of(message, 266);
        view_market_data_groups(message, fields);
    }
    if (fields.msg_type == "BE") {
        fields.user_request_type = text_of(message, 924);
        fields.username = text_of(message, 553);
        fields.password = text_of(message, 554);
        fields.code = text_of(message, 20101);
        fields.new_password = text_of(message, 925);
    }
    return fields;
}

FIX::Message write(const OutboundFields& made, FixVersion version) {
    const auto fields = in_version(made, version);
    const auto groups = groups_sent(version);
    FIX::Message message;
    message.getHeader().setField(35, fields.msg_type);
    if (fields.poss_resend) message.getHeader().setField(97, "Y");
    for (auto field = fields.fields.begin(); field != fields.fields.end();) {
        message.setField(field->tag, field->text);
        const auto group = std::ranges::find(groups, field->tag, &GroupOrder::count_tag);
        ++field;
        if (group == groups.end()) continue;

        const auto belongs = [&](int tag) {
            return std::ranges::find(group->tags, tag) != group->tags.end();
        };
        const int first = group->tags.front();
        while (field != fields.fields.end() && belongs(field->tag)) {
            FIX::Group entry{group->count_tag, first, group->tags.data()};
            do {
                entry.setField(field->tag, field->text);
                ++field;
            } while (field != fields.fields.end() && belongs(field->tag) && field->tag != first);
            message.addGroup(entry);
        }
    }
    return message;
}

void strip_untaken(FIX::Message& message) {
    // The types whose fields the dictionary lists, so that the Session can check them.
    static constexpr std::array<std::string_view, 23> described{"D", "F", "G",  "H",  "V", "e", "g", "q",
                                                                "r", "x", "AF", "BE", "8", "9", "j", "W",
                                                                "X", "Y", "f",  "h",  "y", "B", "BF"};
    if (!message.isApp()) return;
    const auto type = text_of(message.getHeader(), 35);
    if (std::ranges::find(described, type) == described.end()) static_cast<FIX::FieldMap&>(message).clear();
}

} // namespace tradehive::acceptor
