#include "tests/acceptor/running_acceptor.hpp"

#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace tradehive::acceptor {

TemporaryDirectory::TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "tradehive-acceptor-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"mkdtemp " + name};
    path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
    std::filesystem::remove_all(path_);
}

RunningAcceptor::RunningAcceptor(const std::function<void(AcceptorOptions&)>& change) {
    options.dictionaries = TRADEHIVE_SOURCE_DIR "/fix-spec";
    options.session_directory = directory.path() / "sessions";
    options.log_directory = directory.path() / "log";
    options.limits.refusal_grid = std::chrono::milliseconds{20};
    options.threads = 2;
    if (change) change(options);
    restart();
}

void RunningAcceptor::restart() {
    acceptor.reset();
    acceptor = std::make_unique<Acceptor>(options, AcceptorPorts{.commands = venue,
                                                                 .events = venue,
                                                                 .reference = venue,
                                                                 .verifier = verifier,
                                                                 .passwords = passwords});
    venue.answer_to(*acceptor);
    acceptor->start();
}

std::string RunningAcceptor::log() const {
    std::ostringstream all;
    for (const auto& entry : std::filesystem::directory_iterator{directory.path() / "log"})
        all << std::ifstream{entry.path()}.rdbuf();
    return all.str();
}

} // namespace tradehive::acceptor
