#include "trader/session_store.hpp"

#include <filesystem>

namespace tradehive::trader {
namespace {

class SessionStore final : public FIX::MessageStore {
public:
    SessionStore(FIX::MessageStoreFactory& makers, const FIX::SessionID& session)
        : makers_(makers)
        , kept_(makers.create(session)) {}
    ~SessionStore() override { makers_.destroy(kept_); }
    SessionStore(const SessionStore&) = delete;
    SessionStore& operator=(const SessionStore&) = delete;
    SessionStore(SessionStore&&) = delete;
    SessionStore& operator=(SessionStore&&) = delete;

    bool set(int number, const std::string& text) override {
        if (text.find("\00135=A\001") == std::string::npos) return kept_->set(number, text);
        FIX::Message logon(text, false);
        logon.removeField(FIX::FIELD::Username);
        logon.removeField(FIX::FIELD::Password);
        return kept_->set(number, logon.toString());
    }
    void get(int first, int last, std::vector<std::string>& texts) const override {
        kept_->get(first, last, texts);
    }
    int getNextSenderMsgSeqNum() const override { return kept_->getNextSenderMsgSeqNum(); }
    int getNextTargetMsgSeqNum() const override { return kept_->getNextTargetMsgSeqNum(); }
    void setNextSenderMsgSeqNum(int number) override { kept_->setNextSenderMsgSeqNum(number); }
    void setNextTargetMsgSeqNum(int number) override { kept_->setNextTargetMsgSeqNum(number); }
    void incrNextSenderMsgSeqNum() override { kept_->incrNextSenderMsgSeqNum(); }
    void incrNextTargetMsgSeqNum() override { kept_->incrNextTargetMsgSeqNum(); }
    FIX::UtcTimeStamp getCreationTime() const override { return {}; }
    void reset() override { kept_->reset(); }
    void refresh() override { kept_->refresh(); }

private:
    FIX::MessageStoreFactory& makers_;
    FIX::MessageStore* kept_;
};

class SessionStores final : public FIX::MessageStoreFactory {
public:
    explicit SessionStores(std::unique_ptr<FIX::MessageStoreFactory> makers)
        : makers_(std::move(makers)) {}
    FIX::MessageStore* create(const FIX::SessionID& session) override {
        return std::make_unique<SessionStore>(*makers_, session).release();
    }
    void destroy(FIX::MessageStore* store) override { std::unique_ptr<FIX::MessageStore>{store}.reset(); }

private:
    std::unique_ptr<FIX::MessageStoreFactory> makers_;
};

} // namespace

std::unique_ptr<FIX::MessageStoreFactory> session_stores(const std::string& directory) {
    if (directory.empty())
        return std::make_unique<SessionStores>(std::make_unique<FIX::MemoryStoreFactory>());
    namespace fs = std::filesystem;
    fs::create_directories(directory);
    fs::permissions(directory, fs::perms::owner_all);
    return std::make_unique<SessionStores>(std::make_unique<FIX::FileStoreFactory>(directory));
}

} // namespace tradehive::trader
