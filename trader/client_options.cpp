#include "trader/client_options.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <boost/program_options/errors.hpp>

namespace tradehive::trader {
namespace {

namespace options = boost::program_options;

template <class T>
void take(const options::variables_map& values, const char* name, T& into) {
    if (values.count(name) != 0) into = values[name].as<T>();
}

} // namespace

options::options_description client_option_texts() {
    options::options_description texts("Connection");
    texts.add_options()                                                     //
        ("host", options::value<std::string>(), "venue's host (127.0.0.1)") //
        ("port", options::value<int>(), "venue's FIX port (9876)")          //
        ("tls-ca", options::value<std::string>(),
         "CA file (PEM) of the venue's certificate; without it: plain TCP")              //
        ("sender", options::value<std::string>(), "SenderCompID(49)")                    //
        ("target", options::value<std::string>(), "TargetCompID(56) (TRADEHIVE)")        //
        ("username", options::value<std::string>(), "Username(553) (the sender's name)") //
        ("password", options::value<std::string>(),
         "Password(554); seen by others on this machine, so rather one of the next two") //
        ("password-file", options::value<std::string>(),
         "file whose first line is the password; without "
         "either: the environment's TRADEHIVE_PASSWORD")                                                   //
        ("totp-secret", options::value<std::string>(), "base32 secret; a fresh code goes with each logon") //
        ("totp-secret-file", options::value<std::string>(), "file whose first line is that secret")        //
        ("account", options::value<std::string>(), "Account(1) of the orders")                             //
        ("store", options::value<std::string>(),
         "directory of the session's store, so that numbers and messages outlive this program; without it "
         "the first logon resets the numbers")                                                    //
        ("reset", options::bool_switch(), "reset the numbers with the first logon (141=Y)")       //
        ("fix", options::value<std::string>(), "version: 4.4 or 5.0SP2 (4.4)")                    //
        ("dictionary", options::value<std::string>(), "the venue's FIX44.xml")                    //
        ("heartbeat", options::value<int>(), "HeartBtInt(108) in seconds (30)")                   //
        ("reconnect", options::value<int>(), "seconds between attempts to connect again (1)")     //
        ("record", options::value<std::string>(), "keep the session's messages in this new file") //
        ("verbose", options::bool_switch(), "print the FIX engine's events");
    return texts;
}

std::vector<std::string> words_of_list(const std::string& list) {
    std::vector<std::string> words;
    std::istringstream stream(list);
    for (std::string word; std::getline(stream, word, ',');)
        if (!word.empty()) words.push_back(word);
    return words;
}

std::string secret_of_file(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    if (!std::getline(file, line) || line.empty())
        throw std::runtime_error(path +
                                 ": cannot be read or its first line is empty; it must hold the secret");
    if (line.back() == '\r') line.pop_back();
    return line;
}

ClientOptions client_options(const options::variables_map& values) {
    ClientOptions client;
    take(values, "host", client.host);
    take(values, "port", client.port);
    take(values, "tls-ca", client.tls_ca);
    take(values, "sender", client.sender);
    take(values, "target", client.target);
    take(values, "username", client.username);
    take(values, "password", client.password);
    take(values, "totp-secret", client.totp_secret);
    take(values, "account", client.account);
    take(values, "store", client.store);
    take(values, "reset", client.reset);
    if (values.count("fix") != 0) {
        const auto& version = values["fix"].as<std::string>();
        if (version != "4.4" && version != "5.0SP2") throw options::error("--fix must be 4.4 or 5.0SP2");
        client.fix50sp2 = version == "5.0SP2";
    }
    take(values, "dictionary", client.dictionary);
    take(values, "heartbeat", client.heartbeat);
    take(values, "record", client.record);
    take(values, "verbose", client.verbose);
    if (values.count("reconnect") != 0)
        client.reconnect = std::chrono::seconds(values["reconnect"].as<int>());
    if (client.port < 1 || client.port > 65535) throw options::error("--port must be 1 to 65535");
    if (client.heartbeat < 1) throw options::error("--heartbeat must be at least 1");
    if (client.reconnect.count() < 1) throw options::error("--reconnect must be at least 1");
    if (client.username.empty()) client.username = client.sender;
    if (values.count("password-file") != 0)
        client.password = secret_of_file(values["password-file"].as<std::string>());
    if (values.count("totp-secret-file") != 0)
        client.totp_secret = secret_of_file(values["totp-secret-file"].as<std::string>());
    // NOLINTNEXTLINE(concurrency-mt-unsafe): read at start, before there is a second thread
    const char* from_environment = std::getenv("TRADEHIVE_PASSWORD");
    if (client.password.empty() && from_environment != nullptr) client.password = from_environment;
    return client;
}

void be_the_demo_session(ClientOptions& client, const std::string& sender, const std::string& password) {
    if (!client.sender.empty()) return;
    client.sender = sender;
    if (client.username.empty()) client.username = sender;
    if (client.password.empty()) client.password = password;
}

void be_the_demo_trader(ClientOptions& client) {
    be_the_demo_session(client, "TRADER", "demo-trader-password");
}

std::string find_dictionary(const std::string& given) {
    namespace fs = std::filesystem;
    std::vector<fs::path> places;
    if (!given.empty()) {
        places.emplace_back(given);
    } else {
        std::error_code ignored;
        const auto program = fs::read_symlink("/proc/self/exe", ignored).parent_path();
        places.push_back(program / "../share/tradehive/fix-spec/FIX44.xml");
        places.push_back(program / "../../fix-spec/FIX44.xml");
        places.emplace_back(TRADEHIVE_SHARE_DIR "/fix-spec/FIX44.xml");
        places.emplace_back(TRADEHIVE_SOURCE_DIR "/fix-spec/FIX44.xml");
    }
    std::string looked;
    for (const auto& place : places) {
        if (fs::is_regular_file(place)) return fs::weakly_canonical(place).string();
        looked += (looked.empty() ? "" : ", ") + place.string();
    }
    throw std::runtime_error("the venue's FIX dictionary was not found; looked for " + looked +
                             "; name it with --dictionary");
}

DictionaryFiles find_dictionaries(const ClientOptions& options) {
    const auto fix44 = find_dictionary(options.dictionary);
    if (!options.fix50sp2) return {.session_layer = fix44, .application = fix44};
    const auto folder = std::filesystem::path{fix44}.parent_path();
    return {.session_layer = (folder / "FIXT11.xml").string(),
            .application = (folder / "FIX50SP2.xml").string()};
}

} // namespace tradehive::trader
