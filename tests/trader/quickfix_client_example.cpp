// A stock QuickFIX client that logs on to the venue, buys something and prints the answer. All that it needs
// beyond QuickFIX's own settings file stands between the marks; the README shows those lines.
//
//   quickfix_client_example SETTINGS-FILE PASSWORD [TOTP-SECRET]
#include "trader/quickfix_client.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <thread>

#include <liboath/oath.h>

namespace {

class Client final : public FIX::NullApplication {
public:
    Client(std::string password, std::string totp_secret)
        : password_(std::move(password))
        , totp_secret_(std::move(totp_secret)) {}

    void onLogon(const FIX::SessionID& session) override {
        FIX::Message order;
        order.getHeader().setField(FIX::MsgType(FIX::MsgType_NewOrderSingle));
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        order.setField(FIX::ClOrdID("example-" + std::to_string(now.count())));
        order.setField(FIX::Account(session.getSenderCompID().getString()));
        order.setField(FIX::Symbol("BTC-USD"));
        order.setField(FIX::Side(FIX::Side_BUY));
        order.setField(FIX::OrdType(FIX::OrdType_LIMIT));
        order.setField(FIX::FIELD::OrderQty, "0.01");
        order.setField(FIX::FIELD::Price, "20000");
        order.setField(FIX::TransactTime(FIX::UtcTimeStamp(), 3));
        FIX::Session::sendToTarget(order, session);
    }

    void fromAdmin(const FIX::Message& message, const FIX::SessionID&) override {
        if (message.getHeader().getField(FIX::FIELD::MsgType) == FIX::MsgType_Logout) finish(message);
    }

    void fromApp(const FIX::Message& message, const FIX::SessionID&) override { finish(message); }

    void toAdmin(FIX::Message& message, const FIX::SessionID& session) override;

    bool wait(std::chrono::seconds at_most) const {
        const auto until = std::chrono::steady_clock::now() + at_most;
        while (!finished_ && std::chrono::steady_clock::now() < until)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        return finished_ && accepted_;
    }

private:
    std::string totp_code() const;

    void finish(const FIX::Message& message) {
        auto text = message.toString();
        std::replace(text.begin(), text.end(), '\001', '|');
        std::cout << text << std::endl;
        accepted_ = message.isSetField(FIX::FIELD::ExecType) && message.getField(FIX::FIELD::ExecType) == "0";
        finished_ = true;
    }

    const std::string password_;
    const std::string totp_secret_;
    std::atomic<bool> finished_{false};
    std::atomic<bool> accepted_{false};
};

// [readme]
// 553 and 554; the code only if the session has a TOTP secret (link with liboath).
void Client::toAdmin(FIX::Message& message, const FIX::SessionID& session) {
    if (message.getHeader().getField(FIX::FIELD::MsgType) != FIX::MsgType_Logon) return;
    message.setField(FIX::Username(session.getSenderCompID().getString()));
    message.setField(FIX::Password(totp_secret_.empty() ? password_ : password_ + ":" + totp_code()));
}

std::string Client::totp_code() const {
    char *secret = nullptr, code[7] = "";
    size_t size = 0;
    oath_base32_decode(totp_secret_.data(), totp_secret_.size(), &secret, &size);
    oath_totp_generate(secret, size, time(nullptr), 30, 0, 6, code);
    free(secret);
    return code;
}
// [/readme]

} // namespace

int main(int argc, char** argv) {
    if (argc < 3 || argc > 4) {
        std::cerr << "usage: quickfix_client_example SETTINGS-FILE PASSWORD [TOTP-SECRET]\n";
        return 2;
    }
    try {
        Client client(argv[2], argc == 4 ? argv[3] : "");
        const FIX::SessionSettings settings{std::string(argv[1])};
        FIX::MemoryStoreFactory stores;
        FIX::ThreadedSocketInitiator initiator(client, stores, settings);
        initiator.start();
        const bool accepted = client.wait(std::chrono::seconds(20));
        initiator.stop();
        return accepted ? 0 : 1;
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
