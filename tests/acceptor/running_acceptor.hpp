// An acceptor on a free port with a fake venue behind it and a directory of its own.
#pragma once

#include "acceptor/acceptor.hpp"
#include "tests/acceptor/fake_venue.hpp"
#include "tests/acceptor/fix_client.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace tradehive::acceptor {

class TemporaryDirectory {
public:
    TemporaryDirectory();
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

class RunningAcceptor {
public:
    explicit RunningAcceptor(const std::function<void(AcceptorOptions&)>& change = {});

    // Stops it and starts another one over the same stores, events and numbers.
    void restart();

    [[nodiscard]] FixClient client(std::string comp_id = "ALICE") const {
        return FixClient{acceptor->port(), std::move(comp_id)};
    }
    // All that the FIX log says; stop the acceptor first.
    [[nodiscard]] std::string log() const;

    TemporaryDirectory directory;
    AcceptorOptions options;
    FakeVenue venue;
    FakeVerifier verifier;
    FakeChanger passwords;
    std::unique_ptr<Acceptor> acceptor;
};

} // namespace tradehive::acceptor
