// A FIX message as its fields, in their order, from text that comes over the wire or stands in a file: for
// showing, recording and playing. Nothing is checked but the form TAG=VALUE.
//
// Secrets end here: the values of Password(554), NewPassword(925), RawData(96), the one-time code (20101)
// and, since people type a password where the name belongs, Username(553) are "***" in every FixText. So
// nothing that is made of one can show them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tradehive::trader {

struct FixField {
    int tag{};
    std::string value;

    friend bool operator==(const FixField&, const FixField&) = default;
};

class FixText {
public:
    FixText() = default;

    // delimiter: SOH, or '|' as in logs. A part without TAG= belongs to the value before it. What has no
    // field at all gives an empty FixText.
    [[nodiscard]] static FixText parse(std::string_view text, char delimiter = '\x01');

    // The first field of that tag; empty when there is none.
    [[nodiscard]] std::string_view operator[](int tag) const;
    [[nodiscard]] bool has(int tag) const;
    [[nodiscard]] std::string_view msg_type() const { return (*this)[35]; }
    [[nodiscard]] bool empty() const { return fields.empty(); }

    // Replaces the first field of that tag or adds one.
    void set(int tag, std::string value);
    void remove(int tag);

    // "8=FIX.4.4|9=…|": one line without control characters. Inside a value '\' is written \\, '|' \x7c and a
    // control character \xNN, so that parse_line() gives the same fields back.
    [[nodiscard]] std::string line() const;
    [[nodiscard]] static FixText parse_line(std::string_view line);

    // For an engine: fields that belong to the frame left as they are, SOH between.
    [[nodiscard]] std::string wire() const;

    std::vector<FixField> fields;
};

[[nodiscard]] bool is_secret(int tag);
// Logon, Logout, Heartbeat, TestRequest, ResendRequest, SequenceReset, Reject.
[[nodiscard]] bool is_session_message(std::string_view msg_type);
// Control characters become '?': what comes from elsewhere may not move a terminal's cursor.
[[nodiscard]] std::string printable(std::string_view text);

} // namespace tradehive::trader
