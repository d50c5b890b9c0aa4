// Every FIX message in and out but market data (35=W, 35=X), one line each, in a file a day:
// `fix_<date>.log`. SOH is written as '|', and the values of Password(554), NewPassword(925), RawData(96),
// the one-time code (20101) and Username(553) as
// "***": people type a password where the name belongs. For the same reason the CompIDs of a stranger, whose
// SenderCompID(49) names no session, are hidden. Bytes that are no message are never logged, only how many
// there were and what was wrong with them. Control characters are written as '?', so that nobody can forge a
// line or write to the terminal of who reads it.
//
// Any thread; never blocks: lines go through a bounded queue to a thread of its own, and when that is full
// the oldest lines in it are lost and counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace tradehive::acceptor {

class FixLog {
public:
    // An empty directory: nothing is logged. Throws std::runtime_error when the file cannot be made.
    explicit FixLog(const std::filesystem::path& directory);
    ~FixLog(); // writes what is queued
    FixLog(const FixLog&) = delete;
    FixLog& operator=(const FixLog&) = delete;

    // who: the client's CompID, or its address before logon.
    enum class CompIDs : std::uint8_t { shown, hidden };
    void received(std::string_view who, std::string_view message, CompIDs comp_ids = CompIDs::shown);
    void sent(std::string_view who, std::string_view message, CompIDs comp_ids = CompIDs::shown);
    void note(std::string_view who, std::string_view text);
    void flush(); // asks for it and returns

private:
    struct Writer;
    std::unique_ptr<Writer> writer_; // null: nothing is logged
};

// The message as it may stand in a log.
[[nodiscard]] std::string redacted(std::string_view message,
                                   FixLog::CompIDs comp_ids = FixLog::CompIDs::shown);

} // namespace tradehive::acceptor
