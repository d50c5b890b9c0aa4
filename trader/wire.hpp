// A connection to the venue, plain or TLS 1.2 and up, that never blocks once it stands. The venue's
// certificate must be of the CA in the file and name the host. One thread.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tradehive::trader {

class Wire {
public:
    // Connects and shakes hands, both within 10 s. Throws std::runtime_error that names the place.
    Wire(const std::string& host, int port, const std::string& tls_ca);
    ~Wire();
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;
    Wire(Wire&&) = delete;
    Wire& operator=(Wire&&) = delete;

    [[nodiscard]] int descriptor() const;
    // How many bytes came; nothing when there are none now. Throws std::runtime_error when the venue has
    // closed.
    [[nodiscard]] std::optional<std::size_t> read(std::span<char> into);
    // How many bytes were taken; 0 when there is no room now. Throws like read().
    [[nodiscard]] std::size_t write(std::string_view bytes);

private:
    struct Tls;
    int socket_{-1};
    std::unique_ptr<Tls> tls_; // null: plain
};

} // namespace tradehive::trader
