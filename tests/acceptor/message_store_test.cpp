#include "acceptor/message_store.hpp"

#include "tests/acceptor/running_acceptor.hpp"

#include <gtest/gtest.h>

#include <boost/crc.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace tradehive::acceptor {
namespace {

std::string report(int number) {
    return framed_message("35=8|34=" + std::to_string(number) + "|17=" + std::to_string(number) + "|");
}

class MessageStore : public testing::Test {
protected:
    [[nodiscard]] SessionStore::Options options(std::uint32_t epoch = 1,
                                                const std::string& boot = "boot-1") const {
        return {.directory = directory.path(),
                .session = FixSessionId{7},
                .epoch = Epoch{epoch},
                .first_out = MsgSeqNum{1},
                .next_in = MsgSeqNum{1},
                .boot_id = boot,
                .block = 100};
    }
    [[nodiscard]] std::filesystem::path file(std::uint32_t epoch = 1) const {
        return directory.path() / ("7-" + std::to_string(epoch) + ".messages");
    }
    static void send(SessionStore& store, int count) {
        for (int i = 0; i < count; ++i) {
            const int number = store.getNextSenderMsgSeqNum();
            const auto event = static_cast<std::uint64_t>(number) * 10;
            store.sending(EventNumber{event}, Sequence{event / 2});
            store.set(number, report(number));
            store.incrNextSenderMsgSeqNum();
        }
    }
    // Of that very number; empty when it has no record.
    static std::string message(const SessionStore& store, std::uint64_t number) {
        const auto found = store.next_stored(number);
        return found && found->number == number ? found->bytes : std::string{};
    }
    // Leaves the file as a process that is killed leaves it.
    void send_and_die(const SessionStore::Options& with, int count) const {
        const auto child = ::fork();
        if (child == 0) {
            auto store = SessionStore::open(with);
            send(*store, count);
            static_cast<void>(store.release());
            ::_exit(0);
        }
        int status{};
        ::waitpid(child, &status, 0);
        ASSERT_EQ(status, 0);
    }

    TemporaryDirectory directory;
};

TEST_F(MessageStore, knows_after_a_restart_what_was_sent) {
    {
        const auto store = SessionStore::open(options());
        EXPECT_EQ(store->position(), EventNumber{1});
        send(*store, 3);
        store->set(4, framed_message("35=A|34=4|554=secret|"));
        store->incrNextSenderMsgSeqNum();
        store->considered(EventNumber{77});
    }
    const auto store = SessionStore::open(options());
    EXPECT_EQ(store->getNextSenderMsgSeqNum(), 5);
    EXPECT_EQ(store->position(), EventNumber{77});
    EXPECT_FALSE(store->lost_tail());
    EXPECT_EQ(message(*store, 2), report(2));
    EXPECT_EQ(message(*store, 4), "") << "a session message is not resent";
    EXPECT_EQ(message(*store, 5), "");
    EXPECT_EQ(message(*store, 0), "");
    EXPECT_EQ(SessionStore::highest_sequence(directory.path()), Sequence{15});
    std::ifstream bytes{file()};
    const std::string all{std::istreambuf_iterator<char>{bytes}, {}};
    EXPECT_EQ(all.find("secret"), std::string::npos);
}

TEST_F(MessageStore, after_a_kill_goes_on_with_the_next_number_and_event) {
    send_and_die(options(), 1000);
    const auto store = SessionStore::open(options());
    EXPECT_EQ(store->getNextSenderMsgSeqNum(), 1001);
    EXPECT_EQ(store->position(), EventNumber{10'001});
    EXPECT_FALSE(store->lost_tail());
    for (const int number : {1, 31, 32, 33, 500, 1000})
        EXPECT_EQ(message(*store, static_cast<std::uint64_t>(number)), report(number));
}

TEST_F(MessageStore, cuts_a_torn_record_at_every_byte) {
    send_and_die(options(), 3);
    const auto whole = std::filesystem::file_size(file());
    const auto record = (whole - 4096) / 3;
    std::ifstream bytes{file(), std::ios::binary};
    const std::string image{std::istreambuf_iterator<char>{bytes}, {}};
    for (auto size = whole; size > 4096; --size) {
        std::ofstream{file(), std::ios::binary}.write(image.data(), static_cast<std::streamsize>(size));
        const auto kept = (size - 4096) / record;
        EXPECT_EQ(SessionStore::highest_sequence(directory.path()), Sequence{kept * 5});
        const auto store = SessionStore::open(options());
        ASSERT_EQ(store->getNextSenderMsgSeqNum(), static_cast<int>(kept) + 1) << size;
        send(*store, 1);
        ASSERT_EQ(message(*store, kept + 1), report(static_cast<int>(kept) + 1)) << size;
    }
}

TEST_F(MessageStore, after_a_power_loss_numbers_go_on_behind_the_reserved_block) {
    send_and_die(options(), 150); // reserved below 201 or more by now
    {
        const auto store = SessionStore::open(options(1, "boot-2"));
        EXPECT_TRUE(store->lost_tail());
        EXPECT_GE(store->getNextSenderMsgSeqNum(), 201);
        EXPECT_EQ(store->position(), EventNumber{1501});
        const int next = store->getNextSenderMsgSeqNum();
        send(*store, 1);
        EXPECT_EQ(message(*store, static_cast<std::uint64_t>(next)), report(next));
        EXPECT_EQ(message(*store, 180), "");
    }
    EXPECT_FALSE(SessionStore::open(options(1, "boot-3"))->lost_tail()) << "it was closed in order";
}

TEST_F(MessageStore, a_power_loss_is_remembered_although_nothing_was_sent_since) {
    send_and_die(options(), 150);
    auto second = options(1, "boot-2");
    second.events_at_start = EventNumber{9'000};
    const int next = SessionStore::open(second)->getNextSenderMsgSeqNum();
    EXPECT_GE(next, 201);
    second.events_at_start = EventNumber{9'500}; // a venue that ran later
    {
        const auto store = SessionStore::open(second);
        EXPECT_FALSE(store->lost_tail());
        EXPECT_EQ(store->getNextSenderMsgSeqNum(), next);
        EXPECT_EQ(store->poss_resend_below(), EventNumber{9'000});
    }
    auto reset = options(2, "boot-2");
    EXPECT_EQ(SessionStore::open(reset)->poss_resend_below(), EventNumber{9'000}) << "a new epoch forgot it";
    EXPECT_EQ(SessionStore::open(reset)->poss_resend_below(), EventNumber{9'000});
}

TEST_F(MessageStore, numbers_used_without_a_record_are_known_after_a_kill) {
    const auto child = ::fork();
    if (child == 0) {
        auto store = SessionStore::open(options());
        send(*store, 2);
        for (int i = 0; i < 250; ++i) // past two reserved blocks
            static_cast<void>(store->use_without_record());
        static_cast<void>(store.release());
        ::_exit(0);
    }
    ::waitpid(child, nullptr, 0);
    {
        const auto store = SessionStore::open(options());
        EXPECT_EQ(store->getNextSenderMsgSeqNum(), 253);
        EXPECT_EQ(message(*store, 2), report(2));
        EXPECT_EQ(message(*store, 3), "");
        send(*store, 1);
        EXPECT_EQ(store->use_without_record(), 254U);
    }
    const auto store = SessionStore::open(options());
    EXPECT_EQ(store->getNextSenderMsgSeqNum(), 255);
    EXPECT_EQ(message(*store, 253), report(253));
}

TEST_F(MessageStore, a_damaged_mark_of_such_numbers_is_named_unless_power_was_lost) {
    const auto use = [&](const std::string& boot) {
        const auto child = ::fork();
        if (child == 0) {
            auto store = SessionStore::open(options(1, boot));
            static_cast<void>(store->use_without_record());
            static_cast<void>(store.release());
            ::_exit(0);
        }
        ::waitpid(child, nullptr, 0);
        std::fstream bytes{file(), std::ios::in | std::ios::out | std::ios::binary};
        bytes.seekp(1024);
        bytes.put('\x07');
    };
    use("boot-1");
    EXPECT_GE(SessionStore::open(options(1, "boot-2"))->getNextSenderMsgSeqNum(), 101);
    use("boot-2");
    try {
        static_cast<void>(SessionStore::open(options(1, "boot-2")));
        ADD_FAILURE() << "the damage was not noticed";
    } catch (const StoreError& error) {
        EXPECT_NE(std::string{error.what()}.find("offset 1024:"), std::string::npos) << error.what();
    }
}

TEST_F(MessageStore, keeps_a_reject_since_it_may_answer_an_order) {
    const auto store = SessionStore::open(options());
    const auto reject = framed_message("35=3|34=1|45=2|372=D|");
    store->set(1, reject);
    store->incrNextSenderMsgSeqNum();
    EXPECT_EQ(message(*store, 1), reject);
}

TEST_F(MessageStore, damage_before_good_records_is_named_and_cuts_nothing) {
    send_and_die(options(), 3);
    const auto size = std::filesystem::file_size(file());
    const auto record = (size - 4096) / 3;
    const auto damage = [&](const std::string& why) {
        std::fstream{file(), std::ios::binary | std::ios::in | std::ios::out}
            .seekp(static_cast<std::streamoff>(4096 + record + 40))
            .write("\xff", 1);
        try {
            static_cast<void>(SessionStore::open(options()));
            FAIL() << "opened, " << why;
        } catch (const StoreError& error) {
            const std::string text = error.what();
            EXPECT_NE(text.find("7-1.messages"), std::string::npos) << text;
            EXPECT_NE(text.find("offset " + std::to_string(4096 + record) + ":"), std::string::npos) << text;
        }
        EXPECT_EQ(std::filesystem::file_size(file()), size) << why;
    };
    damage("after a kill");
    damage("a second time"); // refusing it has not marked it as closed in order
    // A power loss explains it: the numbers of what is lost are not used again.
    const auto store = SessionStore::open(options(1, "boot-2"));
    EXPECT_TRUE(store->lost_tail());
    EXPECT_GE(store->getNextSenderMsgSeqNum(), 101);
}

TEST_F(MessageStore, a_store_that_was_closed_in_order_has_no_torn_record) {
    send(*SessionStore::open(options()), 3);
    std::filesystem::resize_file(file(), std::filesystem::file_size(file()) - 1);
    EXPECT_THROW(static_cast<void>(SessionStore::open(options())), StoreError);
    EXPECT_THROW(static_cast<void>(SessionStore::open(options(1, "boot-2"))), StoreError);
}

TEST_F(MessageStore, no_number_is_used_that_is_not_reserved_on_disk) {
    const auto store = SessionStore::open(options());
    for (int i = 0; i < 120; ++i) {
        send(*store, 1);
        // What a power loss would leave at worst: the synced header and no record at all.
        const TemporaryDirectory other;
        auto left = options(1, "boot-2");
        left.directory = other.path();
        std::filesystem::copy(file(), other.path() / "7-1.messages");
        std::filesystem::resize_file(other.path() / "7-1.messages", 4096);
        ASSERT_GT(SessionStore::open(left)->getNextSenderMsgSeqNum(), i + 1);
    }
}

TEST_F(MessageStore, a_new_epoch_keeps_the_position_and_removes_the_old_file) {
    send_and_die(options(1), 5);
    {
        const auto store = SessionStore::open(options(2));
        EXPECT_EQ(store->getNextSenderMsgSeqNum(), 1);
        EXPECT_EQ(store->position(), EventNumber{51});
        EXPECT_EQ(message(*store, 1), "");
    }
    EXPECT_FALSE(std::filesystem::exists(file(1)));
    EXPECT_EQ(SessionStore::open(options(2))->position(), EventNumber{51});
}

TEST_F(MessageStore, a_reset_that_nobody_authorised_changes_nothing) {
    const auto store = SessionStore::open(options());
    send(*store, 3);
    store->setNextTargetMsgSeqNum(9);
    store->reset();
    store->setNextSenderMsgSeqNum(1);
    EXPECT_EQ(store->getNextSenderMsgSeqNum(), 4);
    EXPECT_EQ(store->getNextTargetMsgSeqNum(), 9);
}

TEST_F(MessageStore, what_is_never_resent_takes_no_room) {
    const auto store = SessionStore::open(options());
    send(*store, 1);
    const auto size = std::filesystem::file_size(file());
    for (const char* type : {"A", "0", "1", "2", "4", "5", "y"}) {
        const int number = store->getNextSenderMsgSeqNum();
        store->set(number, framed_message("35=" + std::string{type} + "|34=" + std::to_string(number) + "|"));
        store->incrNextSenderMsgSeqNum();
    }
    EXPECT_EQ(std::filesystem::file_size(file()), size);
    EXPECT_FALSE(store->next_stored(2));
    send(*store, 1);
    EXPECT_EQ(store->next_stored(2)->number, 9U);
    EXPECT_EQ(store->next_stored(2)->bytes, report(9));
}

TEST_F(MessageStore, the_next_stored_number_is_found_from_anywhere) {
    const auto store = SessionStore::open(options());
    std::vector<int> stored;
    for (int i = 0; i < 200; ++i) {
        if (i % 7 == 3) static_cast<void>(store->use_without_record());
        stored.push_back(store->getNextSenderMsgSeqNum());
        send(*store, 1);
    }
    const auto check = [&](int number) {
        const auto expected = std::ranges::lower_bound(stored, number);
        const auto found = store->next_stored(static_cast<std::uint64_t>(number));
        ASSERT_EQ(found.has_value(), expected != stored.end()) << number;
        if (found) {
            ASSERT_EQ(found->number, static_cast<std::uint64_t>(*expected)) << number;
            ASSERT_EQ(found->bytes, report(*expected));
        }
    };
    for (int number = 0; number < 240; ++number) // as a resend asks
        check(number);
    for (int number = 240; number-- > 0;)
        check(number);
}

// Header: magic of 8 bytes, then the version. Session messages had records of length 0.
TEST_F(MessageStore, version_2_is_read_and_becomes_version_3_and_others_are_named) {
    const auto set_version = [&](std::uint32_t version) {
        for (const std::streamoff slot : {0, 512}) {
            std::fstream bytes{file(), std::ios::binary | std::ios::in | std::ios::out};
            bytes.seekp(slot + 8);
            bytes.write(reinterpret_cast<const char*>(&version), sizeof version);
        }
    };
    const auto versions = [&] {
        std::array<std::uint32_t, 2> both{};
        std::ifstream bytes{file(), std::ios::binary};
        for (std::size_t slot = 0; slot < 2; ++slot) {
            bytes.seekg(static_cast<std::streamoff>(slot * 512 + 8));
            bytes.read(reinterpret_cast<char*>(&both.at(slot)), sizeof(std::uint32_t));
        }
        return both;
    };
    send(*SessionStore::open(options()), 2);
    set_version(2);
    struct {
        std::uint32_t crc;
        std::uint32_t length;
        std::uint64_t number;
        std::array<std::uint64_t, 2> nothing;
    } heartbeat{.crc = 0, .length = 0, .number = 3, .nothing = {}};
    boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
    crc.process_bytes(&heartbeat.length, sizeof heartbeat - sizeof heartbeat.crc);
    heartbeat.crc = crc.checksum();
    std::ofstream{file(), std::ios::binary | std::ios::app}.write(reinterpret_cast<const char*>(&heartbeat),
                                                                  sizeof heartbeat);
    {
        const auto store = SessionStore::open(options());
        EXPECT_EQ(store->getNextSenderMsgSeqNum(), 4);
        EXPECT_EQ(store->next_stored(2)->bytes, report(2));
        EXPECT_FALSE(store->next_stored(3));
        EXPECT_EQ(versions(), (std::array<std::uint32_t, 2>{3, 3})) << "an older program must not open it";
    }
    for (const std::uint32_t version : {1U, 4U}) {
        set_version(version);
        try {
            static_cast<void>(SessionStore::open(options()));
            ADD_FAILURE() << "version " << version << " was opened";
        } catch (const StoreError& error) {
            EXPECT_NE(std::string{error.what()}.find("format version " + std::to_string(version)),
                      std::string::npos)
                << error.what();
        }
    }
}

TEST_F(MessageStore, one_damaged_header_slot_is_survived_and_two_are_named) {
    send_and_die(options(), 3);
    const auto damage = [&](std::streamoff at) {
        std::fstream bytes{file(), std::ios::binary | std::ios::in | std::ios::out};
        bytes.seekp(at);
        bytes.write("\xff\xff", 2);
    };
    damage(20);
    EXPECT_EQ(SessionStore::open(options())->getNextSenderMsgSeqNum(), 4);
    damage(20);
    damage(512 + 20);
    try {
        static_cast<void>(SessionStore::open(options()));
        FAIL() << "opened";
    } catch (const StoreError& error) {
        EXPECT_NE(std::string{error.what()}.find("7-1.messages"), std::string::npos) << error.what();
    }
}

} // namespace
} // namespace tradehive::acceptor
