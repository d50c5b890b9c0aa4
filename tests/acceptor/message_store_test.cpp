#include "acceptor/message_store.hpp"

#include "tests/acceptor/running_acceptor.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

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
    EXPECT_EQ(store->message(2), report(2));
    EXPECT_EQ(store->message(4), "") << "a session message is not resent";
    EXPECT_EQ(store->message(5), "");
    EXPECT_EQ(store->message(0), "");
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
        EXPECT_EQ(store->message(static_cast<std::uint64_t>(number)), report(number));
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
        ASSERT_EQ(store->message(kept + 1), report(static_cast<int>(kept) + 1)) << size;
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
        EXPECT_EQ(store->message(static_cast<std::uint64_t>(next)), report(next));
        EXPECT_EQ(store->message(180), "");
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
        EXPECT_EQ(store->message(2), report(2));
        EXPECT_EQ(store->message(3), "");
        send(*store, 1);
        EXPECT_EQ(store->use_without_record(), 254U);
    }
    const auto store = SessionStore::open(options());
    EXPECT_EQ(store->getNextSenderMsgSeqNum(), 255);
    EXPECT_EQ(store->message(253), report(253));
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
    EXPECT_EQ(store->message(1), reject);
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
        EXPECT_EQ(store->message(1), "");
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
