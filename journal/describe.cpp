#include "journal/describe.hpp"

#include "journal/fields.hpp"

#include <chrono>
#include <fmt/format.h>

namespace tradehive::journal {

namespace {

// The envelope's own words, before the body's.
void add_origin(const Origin& origin, Fields& fields) {
    fields.add("from", origin.channel);
    fields.add("from_session", origin.session);
    fields.add("from_epoch", origin.epoch);
    fields.add("from_number", origin.number);
    fields.add("correlation", origin.correlation);
}

template <class Message>
void add_version(const Message& message, Fields& fields) {
    if (message.header.version != 1) fields.add("version", message.header.version);
    if (std::string_view{name(message.header.kind)} == "Unknown")
        fields.add("kind_number", static_cast<std::uint16_t>(message.header.kind));
}

} // namespace

std::string to_text(Timestamp time) {
    using namespace std::chrono;
    const nanoseconds since{time.value()};
    const auto day = floor<days>(since);
    const year_month_day date{sys_days{day}};
    const hh_mm_ss clock{since - day};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                       clock.subseconds().count());
}

std::string describe(const Command& command) {
    Fields fields;
    add_version(command, fields);
    add_origin(command.header.origin, fields);
    add_body(command, fields);
    return fmt::format("{} {} {}{}", command.header.sequence.value(), to_text(command.header.time),
                       name(command.header.kind), fields.text());
}

std::string describe(const Event& event) {
    const auto& header = event.header;
    Fields fields;
    add_version(event, fields);
    add_origin(header.origin, fields);
    add_body(event, fields);
    return fmt::format("{} {}-{} {} {}{}", header.number.value(), header.sequence.value(), header.index,
                       to_text(header.time), name(header.kind), fields.text());
}

std::string to_json(const Command& command) {
    Fields fields;
    fields.add("sequence", command.header.sequence);
    fields.add("time", to_text(command.header.time));
    fields.add("kind", std::string_view{name(command.header.kind)});
    add_version(command, fields);
    add_origin(command.header.origin, fields);
    add_body(command, fields);
    return fields.json();
}

std::string to_json(const Event& event) {
    Fields fields;
    fields.add("event", event.header.number);
    fields.add("sequence", event.header.sequence);
    fields.add("index", event.header.index);
    fields.add("time", to_text(event.header.time));
    fields.add("kind", std::string_view{name(event.header.kind)});
    add_version(event, fields);
    add_origin(event.header.origin, fields);
    add_body(event, fields);
    return fields.json();
}

} // namespace tradehive::journal
