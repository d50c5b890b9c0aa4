// A running venue: every room wired to the others, from recovery to the clean stop. Wiring only.
//
// Start    EventLog and message stores say what they know → journal opens against that → replay →
//          VenueStarted, EndDay of a day that passed meanwhile → projector → acceptor → control → ready
// Stop     no new connections, sessions logged out → control → queue closed and drained, journal synced →
//          projector caught up → files closed. What was acknowledged is finished.
// Fatal    the journal cannot be written, or a follower knows more than the journal: the process ends at
//          once with exit code 70. Nothing is cleaned up, since nothing is certain; the next start recovers.
#pragma once

#include "main/configuration.hpp"

#include <memory>

namespace tradehive::main {

inline constexpr int exit_fatal = 70;

class VenueProcess {
public:
    // Accepts connections when it returns. Throws what is wrong as std::exception.
    explicit VenueProcess(const Configuration& configuration);
    VenueProcess(const VenueProcess&) = delete;
    VenueProcess& operator=(const VenueProcess&) = delete;
    ~VenueProcess(); // stops

    // Until SIGINT or SIGTERM.
    void run();

private:
    class Rooms;
    std::unique_ptr<Rooms> rooms_;
};

} // namespace tradehive::main
