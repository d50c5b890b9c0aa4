// A simulated market: makers that quote around a random walk and takers that hit them, so that a demo venue
// has a book and trades.
//
// Each session has one connection. A maker has a slot for each symbol, side and level with at most one order;
// the one that is furthest from where it belongs is replaced first. Takers come in clusters, since trades
// heat the walk and heat brings takers, and go on in the direction in which they began. What the venue
// refuses leaves its slot empty, to be tried again later; nothing here ends because of a refusal, and a lost
// connection only pauses it.
//
// Nobody runs out of anything: each member counts what it has bought and sold since it began, tilts its
// prices or its choice of side against that, and at most_held usual orders of a symbol it only goes back. A
// refusal for want of funds counts as being there.
//
// Threads: act(), cancel_all() on one; the listener's calls on the connection's. Bounded: one request a slot,
// one order of a taker at a time.
#pragma once

#include "trader/market_prices.hpp"
#include "trader/messages.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tradehive::trader {

struct MarketPlan {
    std::vector<MarketSymbol> symbols;
    std::int64_t levels{5};
    std::uint64_t seed{1};
};

// The walks, shared by all sessions of a market; one thread steps them, any thread may look.
class MarketPrices {
public:
    explicit MarketPrices(const MarketPlan& plan);

    [[nodiscard]] PriceWalk look_at(std::size_t symbol) const;
    void step(std::size_t symbol, SeededNumbers& numbers);
    void traded(std::size_t symbol, std::int64_t ticks);
    // One of the symbols, hot ones rather than cold ones.
    [[nodiscard]] std::size_t choose(SeededNumbers& numbers) const;
    // How likely the next one who acts is a taker, of 1,000: a few when all is cold, half when all is hot.
    [[nodiscard]] std::int64_t taker_share() const;

private:
    mutable std::mutex mutex_;
    std::vector<PriceWalk> walks_;
};

struct MarketFigures {
    std::uint64_t entered{};
    std::uint64_t replaced{};
    std::uint64_t trades{};
    std::uint64_t refused{};
    std::string last_refusal;
};

class MarketSession final : public VenueListener {
public:
    enum class Role : std::uint8_t { maker, taker };

    MarketSession(const MarketPlan& plan, MarketPrices& prices, Role role, std::string prefix,
                  std::string account);

    static constexpr std::int64_t most_held =
        200; // usual orders of a symbol, bought more than sold or the reverse

    // One thing, chosen by the numbers: enter, replace, cancel or take. Nothing while not logged on.
    void act(SeededNumbers& numbers, VenueGate& gate);
    // Asks for the end of every resting order, then waits until they have ended or the time is over.
    void cancel_all(VenueGate& gate, std::chrono::seconds at_most);

    [[nodiscard]] MarketFigures figures() const;
    [[nodiscard]] std::size_t resting() const;
    [[nodiscard]] std::int64_t held(std::size_t symbol) const; // lots, bought less sold since the beginning
    [[nodiscard]] Role role() const { return role_; }

    void on_report(const Report& report) override;
    void on_cancel_refused(const CancelRefusal& refusal) override;
    void on_book(const BookSnapshot& snapshot) override;
    void on_message_refused(const MessageRefusal& refusal) override;
    void on_logged_on() override;
    void on_logged_out(std::string_view text) override;

private:
    // Both ids are empty when there is none.
    struct Slot {
        std::size_t symbol{};
        Side side{Side::buy};
        std::int64_t level{};
        std::string live;  // ClOrdID of the resting order, as the venue last took it
        std::string asked; // ClOrdID of the request that has no answer yet
        std::string order_qty;
        std::int64_t ticks{};    // of the resting order
        std::int64_t cum_lots{}; // of it: a replace counts them
    };

    void make(SeededNumbers& numbers, VenueGate& gate);
    void take(SeededNumbers& numbers, VenueGate& gate);
    void cancel(std::size_t slot, VenueGate& gate);
    // The rest: with the lock held.
    [[nodiscard]] std::int64_t tilt(std::size_t symbol) const; // −1,000 … 1,000: how much too much is held
    [[nodiscard]] std::size_t most_wrong_slot(std::size_t symbol,
                                              const PriceWalk& walk) const; // slots_.size(): none
    void count(const Report& report, const Slot& slot);
    void without_funds(const Report& report);
    [[nodiscard]] OrderEntry ask_to_enter(std::size_t slot, std::int64_t ticks, std::int64_t lots);
    [[nodiscard]] std::string ask(std::size_t slot);
    void take_in(Slot& slot, const Report& report);
    void forget(const std::string& cl_ord_id);

    const MarketPlan& plan_;
    MarketPrices& prices_;
    const Role role_;
    const std::string prefix_;
    const std::string account_;

    mutable std::mutex mutex_; // for everything below; never held while a gate is called
    std::condition_variable changed_;
    std::vector<Slot> slots_;                              // a taker has one
    std::unordered_map<std::string, std::size_t> slot_of_; // each live and asked ClOrdID
    std::vector<std::int64_t> held_;                       // by symbol
    Side direction_{Side::buy};                            // of a taker's last order
    std::uint64_t counter_{};
    bool logged_on_{};
    MarketFigures figures_;
};

} // namespace tradehive::trader
