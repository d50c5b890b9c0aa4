// The fields of one command or event by name, as words, to be written as text or as JSON.
#pragma once

#include "domain/words.hpp"

#include <boost/json/object.hpp>
#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

namespace tradehive::journal {

// The reason's word; empty for none, the number itself for a value that nobody knows.
[[nodiscard]] std::string text_of(RejectReason reason);

// The same of any other enum that has words; empty for Unsolicited::none and ExecInst::none.
template <class Enum>
[[nodiscard]] std::string text_of(Enum value) {
    if constexpr (std::is_same_v<Enum, Unsolicited>)
        if (value == Unsolicited::none) return {};
    if constexpr (std::is_same_v<Enum, ExecInst>)
        if (value == ExecInst::none) return {};
    const auto known = word(value);
    return known == unknown_word ? std::to_string(static_cast<int>(value)) : std::string{known};
}

class Fields {
public:
    template <class Tag, class Representation>
    void add(std::string_view name, Tagged<Tag, Representation> value) {
        add(name, value.value());
    }
    template <std::size_t Capacity>
    void add(std::string_view name, const FixedText<Capacity>& value) {
        add(name, value.view());
    }
    template <class Enum>
        requires std::is_enum_v<Enum>
    void add(std::string_view name, Enum value) {
        // Zero is "not given" where FIX has a character for each value.
        if (std::is_same_v<std::underlying_type_t<Enum>, char> && static_cast<char>(value) == 0)
            add(name, std::string_view{});
        else
            add(name, text_of(value));
    }
    template <std::integral Integer>
    void add(std::string_view name, Integer value) {
        object_[name] = value;
    }
    // What is not ASCII becomes '?': a peer may have sent any bytes.
    void add(std::string_view name, std::string_view value);
    void add(std::string_view name, const std::string& value) { add(name, std::string_view{value}); }

    // " name=value" for each field that is neither zero nor empty.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::string json() const;

private:
    boost::json::object object_; // keeps the order of insertion
};

// The body's fields; bytes in hexadecimal for a kind or version that this program does not know.
void add_body(const Command& command, Fields& fields);
void add_body(const Event& event, Fields& fields);
void add_hexadecimal(std::span<const std::byte> bytes, Fields& fields);
void add_fields(const MessageRefused& body, Fields& fields);
void add_fields(const AnswerUser& body, Fields& fields);

template <class Body, class Message>
bool add_if(const Message& message, Fields& fields) {
    const auto& header = message.header;
    if (header.kind != Body::kind || header.version != version_of<Body> || header.body_size != sizeof(Body))
        return false;
    add_fields(message.template as<Body>(), fields);
    return true;
}

// In the order of the list; one of them fits, or none does.
template <class... Bodies, class Message>
void add_one_of(const Message& message, Fields& fields) {
    if (!(add_if<Bodies>(message, fields) || ...)) add_hexadecimal(message.body_bytes(), fields);
}

} // namespace tradehive::journal
