// Identifiers. Zero never names anything: a zero id means "none" or "not given".
#pragma once

#include "domain/tagged.hpp"

#include <cstdint>

namespace tradehive {

// Made by the venue, counting from 1 in the order of creation.
using FirmId = Tagged<struct FirmIdTag, std::uint32_t>;
using AccountId = Tagged<struct AccountIdTag, std::uint32_t>;
using FixSessionId = Tagged<struct FixSessionIdTag, std::uint32_t>;
using AssetId = Tagged<struct AssetIdTag, std::uint32_t>;
using InstrumentId = Tagged<struct InstrumentIdTag, std::uint32_t>;

// Place of a command in the one order of all commands; the first is 1.
using Sequence = Tagged<struct SequenceTag, std::uint64_t>;
// Place of an event in the EventLog; the first is 1.
using EventNumber = Tagged<struct EventNumberTag, std::uint64_t>;
// The Sequence of the command that entered the order: the same after every replay.
using OrderId = Tagged<struct OrderIdTag, std::uint64_t>;
// Counts the venue's trades from 1; both sides of a trade carry the same one.
using TradeId = Tagged<struct TradeIdTag, std::uint64_t>;

// FIX MsgSeqNum(34), and the epoch that a sequence reset raises. (FixSessionId, Epoch, MsgSeqNum)
// names one inbound message for ever.
using MsgSeqNum = Tagged<struct MsgSeqNumTag, std::uint64_t>;
using Epoch = Tagged<struct EpochTag, std::uint32_t>;

// Nanoseconds since 1970-01-01T00:00:00Z, without leap seconds.
using Timestamp = Tagged<struct TimestampTag, std::int64_t>;

// Chosen by whoever asks, returned in the answer; means nothing to the venue.
using Correlation = Tagged<struct CorrelationTag, std::uint64_t>;

// Firm and account that exist from the first moment: the venue itself, and where fees go.
inline constexpr FirmId venue_firm{1};
inline constexpr AccountId fee_account{1};

} // namespace tradehive
