// How to reach a venue and as whom: the options that every command of tradehive-trader shares.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>

namespace tradehive::trader {

struct ClientOptions {
    std::string host{"127.0.0.1"};
    int port{9876};
    std::string tls_ca; // PEM file of the CA; empty: plain TCP
    std::string sender;
    std::string target{"TRADEHIVE"};
    std::string username; // empty: the sender's name
    std::string password;
    std::string totp_secret; // base32; empty: no code
    std::string account;
    std::string store; // directory of the FileStore; empty: memory, and the first logon resets the numbers
    bool reset{};      // the first logon resets the numbers although there is a store
    bool fix50sp2{};   // FIX 5.0 SP2 over FIXT.1.1 instead of FIX 4.4
    std::string dictionary;
    int heartbeat{30};
    std::chrono::seconds reconnect{1};
    std::string record; // file for the session's messages; empty: none
    bool verbose{};     // the engine's events, never its messages, on standard error
};

[[nodiscard]] boost::program_options::options_description client_option_texts();

// Reads secrets from their files or the environment. Throws boost::program_options::error that names the
// option, or std::runtime_error that names the file.
[[nodiscard]] ClientOptions client_options(const boost::program_options::variables_map& values);

// When nobody said who: a session of the demo venue, whose password everybody may know
// (main/demo_market.cpp).
void be_the_demo_session(ClientOptions& client, const std::string& sender, const std::string& password);
// The one that trades by hand.
void be_the_demo_trader(ClientOptions& client);

// "A,B" → A, B; empty parts are left out.
[[nodiscard]] std::vector<std::string> words_of_list(const std::string& list);

// First line of a file, without line end. Throws std::runtime_error naming the file.
[[nodiscard]] std::string secret_of_file(const std::string& path);

// The first that exists: the given one, beside the program, where it was installed, where it was built from.
// Throws std::runtime_error that lists where it looked.
[[nodiscard]] std::string find_dictionary(const std::string& given);

// The dictionaries that a session reads its messages with. For FIX 4.4 both are FIX44.xml, for FIX 5.0 SP2
// they are FIXT11.xml and FIX50SP2.xml, which stand beside it.
struct DictionaryFiles {
    std::string session_layer;
    std::string application;
};
[[nodiscard]] DictionaryFiles find_dictionaries(const ClientOptions& options);

} // namespace tradehive::trader
