#include "tests/temporary_folder.hpp"
#include "trader/session_store.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace tradehive::trader {
namespace {

std::string logon_text() {
    FIX::Message logon;
    logon.getHeader().setField(FIX::BeginString("FIX.4.4"));
    logon.getHeader().setField(FIX::MsgType("A"));
    logon.getHeader().setField(FIX::MsgSeqNum(1));
    logon.setField(FIX::Username("marked-username"));
    logon.setField(FIX::Password("marked-password:123456"));
    logon.setField(FIX::HeartBtInt(30));
    return logon.toString();
}

class SessionStoreTest : public testing::Test {
protected:
    [[nodiscard]] std::string all_bytes() const {
        std::ostringstream bytes;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path))
            if (entry.is_regular_file()) bytes << std::ifstream(entry.path(), std::ios::binary).rdbuf();
        return bytes.str();
    }

    TemporaryFolder folder_;
    FIX::SessionID session_{"FIX.4.4", "ME", "TRADEHIVE"};
};

TEST_F(SessionStoreTest, the_password_of_a_logon_is_not_kept_and_what_is_kept_can_be_read) {
    auto stores = session_stores((folder_ / "store").string());
    auto* store = stores->create(session_);
    store->set(1, logon_text());
    std::vector<std::string> kept;
    store->get(1, 1, kept);
    stores->destroy(store);
    ASSERT_EQ(kept.size(), 1U);
    const FIX::Message read(kept.front(), true); // its length and checksum are right
    EXPECT_FALSE(read.isSetField(FIX::FIELD::Password));
    EXPECT_TRUE(read.isSetField(FIX::FIELD::HeartBtInt));
    EXPECT_NE(all_bytes().find("35=A"), std::string::npos);
    EXPECT_EQ(all_bytes().find("marked-password"), std::string::npos);
    EXPECT_EQ(all_bytes().find("123456"), std::string::npos);
}

TEST_F(SessionStoreTest, numbers_and_messages_outlive_the_store_and_only_the_owner_may_read_them) {
    const auto path = folder_ / "store";
    const std::string order = "8=FIX.4.4\0019=5\00135=D\00110=181\001";
    {
        auto stores = session_stores(path.string());
        auto* store = stores->create(session_);
        store->set(1, order);
        store->incrNextSenderMsgSeqNum();
        store->setNextTargetMsgSeqNum(7);
        stores->destroy(store);
    }
    auto stores = session_stores(path.string());
    auto* store = stores->create(session_);
    EXPECT_EQ(store->getNextSenderMsgSeqNum(), 2);
    EXPECT_EQ(store->getNextTargetMsgSeqNum(), 7);
    std::vector<std::string> kept;
    store->get(1, 1, kept);
    EXPECT_EQ(kept, std::vector<std::string>{order});
    stores->destroy(store);
    EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms::owner_all);
}

} // namespace
} // namespace tradehive::trader
