// The venue's gateway with an echo in the venue's place, for the acceptance tests that other projects have
// for FIX sessions: framing, FIX::Session, message store and log are those of the venue.
//
// NewOrderSingle (D) and SecurityDefinition (d) are sent back as they came, a D with PossResend(97)=Y and a
// known ClOrdID is passed over, and every other application message gets BusinessMessageReject with 380=3.
// Anybody may log on, with any HeartBtInt; who may not is told nothing, and a second connection of a pair is
// closed at once.
#include "acceptor/acceptor.hpp"
#include "tests/foreign/open_house.hpp"
#include "tests/temporary_folder.hpp"

#include <boost/program_options.hpp>

#include <csignal>
#include <iostream>
#include <limits>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace fs = std::filesystem;
namespace po = boost::program_options;
using namespace tradehive;

class Echo {
public:
    std::vector<FIX::Message> operator()(const FIX::Message& message) {
        const auto& type = message.getHeader().getField(FIX::FIELD::MsgType);
        if (type == "D" && seen_before(message)) return {};
        if (type != "D" && type != "d") throw FIX::UnsupportedMessageType{};
        return {message};
    }

    void forget(std::string_view comp_id) {
        const std::lock_guard lock{mutex_};
        std::erase_if(orders_, [&](const auto& order) { return order.first == comp_id; });
    }

private:
    bool seen_before(const FIX::Message& order) {
        const auto& header = order.getHeader();
        const bool again =
            header.isSetField(FIX::FIELD::PossResend) && header.getField(FIX::FIELD::PossResend) == "Y";
        const std::lock_guard lock{mutex_};
        const bool is_new =
            orders_.emplace(header.getField(FIX::FIELD::SenderCompID), order.getField(FIX::FIELD::ClOrdID))
                .second;
        return again && !is_new;
    }

    std::mutex mutex_;
    std::set<std::pair<std::string, std::string>> orders_; // SenderCompID, ClOrdID
};

// The venue's dictionaries, less those that are given, by their names.
void gather_dictionaries(const fs::path& into, const std::vector<std::string>& given) {
    fs::create_directories(into);
    for (const auto& file : given)
        fs::create_symlink(fs::absolute(file), into / fs::path{file}.filename());
    for (const auto* const name : {"FIX44.xml", "FIXT11.xml", "FIX50SP2.xml"})
        if (!fs::exists(into / name))
            fs::create_symlink(fs::path{TRADEHIVE_SOURCE_DIR "/fix-spec"} / name, into / name);
}

acceptor::AcceptorOptions options_for(const po::variables_map& given, const fs::path& folder) {
    acceptor::AcceptorOptions options;
    options.port = given["port"].as<std::uint16_t>();
    options.comp_id = given["comp-id"].as<std::string>();
    options.dictionaries = folder / "dictionaries";
    options.session_directory = folder / "sessions";
    options.log_directory = given.contains("log") ? fs::path{given["log"].as<std::string>()} : folder / "log";
    options.most_skew_seconds = given["skew"].as<int>();
    options.limits.takeover = {};
    options.logon = {.least_heart_bt_int = 0,
                     .most_heart_bt_int = std::numeric_limits<int>::max(),
                     .sender_is_username = true,
                     .may_begin_late = true,
                     .silent = true};
    return options;
}

void serve(const po::variables_map& given, const sigset_t& until) {
    const TemporaryFolder folder;
    gather_dictionaries(folder / "dictionaries", given["dictionary"].as<std::vector<std::string>>());
    auto echo = std::make_shared<Echo>();
    foreign::OpenHouse house{given.contains("reset-on-logon")};
    house.on_end([echo](std::string_view comp_id) { echo->forget(comp_id); });
    auto options = options_for(given, folder.path);
    options.application = [echo](const FIX::Message& message) { return (*echo)(message); };
    acceptor::Acceptor gateway{
        std::move(options),
        {.commands = house, .events = house, .reference = house, .verifier = house, .passwords = house}};
    gateway.start();
    std::cout << "port " << gateway.port() << std::endl;
    int signal{};
    ::sigwait(&until, &signal);
    gateway.stop();
}

int run(int argc, char** argv) {
    po::options_description known{"echo_acceptor"};
    known.add_options()                                                                                   //
        ("help", "this")                                                                                  //
        ("port", po::value<std::uint16_t>()->default_value(0), "0: any that is free; it is printed")      //
        ("comp-id", po::value<std::string>()->default_value("TRADEHIVE"), "its own, TargetCompID(56)")    //
        ("dictionary", po::value<std::vector<std::string>>()->default_value({}, ""),                      //
         "FIX44.xml, FIXT11.xml or FIX50SP2.xml in the place of the venue's; may be given several times") //
        ("reset-on-logon", "both sequence numbers are 1 at each logon")                                   //
        ("skew", po::value<int>()->default_value(120), "seconds that SendingTime(52) may be off")         //
        ("log", po::value<std::string>(), "folder for the FIX log");
    po::variables_map given;
    po::store(po::parse_command_line(argc, argv, known), given);
    if (given.contains("help")) {
        std::cout << known;
        return 0;
    }
    po::notify(given);

    sigset_t until{}; // before there are threads, so that they inherit it
    ::sigemptyset(&until);
    ::sigaddset(&until, SIGTERM);
    ::sigaddset(&until, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &until, nullptr);
    serve(given, until);
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        std::cerr << "echo_acceptor: " << error.what() << '\n';
        return 1;
    }
}
