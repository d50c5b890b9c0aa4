// Messages as a person reads them: names of fields and words for values from the dictionary, and in colour
// what differs from the message of the same kind before it.
//
//   09:00:05.000123 TRADER -> #2 NewOrderSingle  ClOrdID=A-1  Side=1 (buy)  OrderQty=1.5  …
//
// Of the same kind: the same session, direction, MsgType and, on a report, ExecType. The frame (8, 9, 10, 35,
// 49, 56, 34, 52) is left out. Not thread-safe.
#pragma once

#include "trader/fix_names.hpp"
#include "trader/recording.hpp"

#include <map>
#include <string>
#include <vector>

namespace tradehive::trader {

struct ViewOptions {
    bool colours{};     // what is new green, what changed yellow, what is gone red
    bool field_lines{}; // each field on a line of its own, with its tag
};

class MessageView {
public:
    MessageView(const FixNames& names, ViewOptions options)
        : names_(names)
        , options_(options) {}

    // One or more lines, without the last line end; no control characters but those of the colours.
    [[nodiscard]] std::string show(const RecordedMessage& recorded);

private:
    [[nodiscard]] std::string paint(std::string_view text, std::string_view colour) const;

    const FixNames& names_;
    ViewOptions options_;
    std::map<std::string, std::vector<FixField>> before_; // the last of each kind
};

} // namespace tradehive::trader
