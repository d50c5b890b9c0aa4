// Commands and directories for the tests of the journal.
#pragma once

#include "domain/event.hpp"

#include <atomic>
#include <filesystem>
#include <string>
#include <unistd.h>

namespace tradehive::journal::testing {

// Gone with the object.
class TemporaryDirectory {
public:
    enum class On { disk, memory };

    // In memory, where there is such a file system: for tests that open thousands of journals.
    explicit TemporaryDirectory(On on = On::disk)
        : path_{(on == On::memory && std::filesystem::is_directory("/dev/shm")
                     ? std::filesystem::path{"/dev/shm"}
                     : std::filesystem::temp_directory_path()) /
                ("tradehive-journal-" + std::to_string(::getpid()) + "-" + std::to_string(next_++))} {
        std::filesystem::create_directories(path_);
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
    static inline std::atomic<int> next_{0};
    std::filesystem::path path_;
};

// The command that every test gives this sequence: two kinds, so that records differ in length.
[[nodiscard]] inline Command command(std::uint64_t sequence) {
    Origin origin;
    origin.correlation = Correlation{sequence * 7};
    origin.number = MsgSeqNum{sequence};
    origin.session = FixSessionId{1};
    origin.channel = Channel::fix;
    auto result =
        sequence % 3 == 0
            ? make_command(origin, CancelOrder{.order = OrderId{sequence - 1},
                                               .orig_cl_ord_id = ClOrdID::cut("O"),
                                               .cl_ord_id = ClOrdID::cut("C" + std::to_string(sequence)),
                                               .account = AccountId{2},
                                               .instrument = InstrumentId{1}})
            : make_command(origin, EnterOrder{.account = AccountId{2},
                                              .instrument = InstrumentId{1},
                                              .price = Price{static_cast<std::int64_t>(sequence)},
                                              .order_qty = Quantity{10},
                                              .cl_ord_id = ClOrdID::cut(std::to_string(sequence)),
                                              .side = Side::buy,
                                              .ord_type = OrdType::limit,
                                              // So that the last byte says something.
                                              .expire_time = Timestamp{0x0101010101010101}});
    result.header.sequence = Sequence{sequence};
    result.header.time = Timestamp{static_cast<std::int64_t>(1'700'000'000'000'000'000 + sequence)};
    return result;
}

[[nodiscard]] inline bool same(const Command& left, const Command& right) {
    return std::memcmp(&left.header, &right.header, sizeof left.header) == 0 &&
           std::memcmp(left.body.data(), right.body.data(), left.header.body_size) == 0;
}

[[nodiscard]] inline Event event(std::uint64_t number) {
    Event result{};
    result.header.number = EventNumber{number};
    result.header.sequence = Sequence{(number + 1) / 2};
    result.header.time = Timestamp{static_cast<std::int64_t>(1'700'000'000'000'000'000 + number)};
    result.header.index = static_cast<std::uint32_t>((number + 1) % 2);
    if (number % 2 == 0) {
        BalanceChanged body;
        body.account = AccountId{1};
        body.asset = AssetId{1};
        body.total = Amount{static_cast<std::int64_t>(number)};
        result.header.kind = BalanceChanged::kind;
        result.header.body_size = sizeof body;
        std::memcpy(result.body.data(), &body, sizeof body);
    } else {
        OrderAccepted body;
        body.order.order = OrderId{number};
        body.order.cl_ord_id = ClOrdID::cut(std::to_string(number));
        result.header.kind = OrderAccepted::kind;
        result.header.body_size = sizeof body;
        std::memcpy(result.body.data(), &body, sizeof body);
    }
    return result;
}

[[nodiscard]] inline bool same(const Event& left, const Event& right) {
    return std::memcmp(&left.header, &right.header, sizeof left.header) == 0 &&
           std::memcmp(left.body.data(), right.body.data(), left.header.body_size) == 0;
}

} // namespace tradehive::journal::testing
