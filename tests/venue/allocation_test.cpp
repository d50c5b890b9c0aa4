// The order path allocates nothing once its pools and tables have grown to a day's orders. Every operator new
// of this program counts.
#include "tests/bench/venue_commands.hpp"
#include "venue/venue.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace {
std::size_t allocations = 0;
}

// The sized and the array forms come here too.
void* operator new(std::size_t size) {
    ++allocations;
    if (void* const memory = std::malloc(size)) return memory;
    throw std::bad_alloc{};
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept {
    std::free(memory);
}

namespace tradehive::venue {
namespace {

TEST(VenueAllocation, NoneOnceADaysOrdersHaveBeenSeen) {
    // A command every 20 seconds: 4,320 a day.
    constexpr std::int64_t step = std::chrono::nanoseconds{std::chrono::seconds{20}}.count();
    const bench::Workload workload = bench::Workload::w1(1'000, 60'000);
    const bench::VenueCommands commands{workload, step};
    Venue venue{Capacity{16}};
    std::vector<Event> events;
    const auto apply = [&](std::size_t from, std::size_t to) {
        for (std::size_t i = from; i < to; ++i) {
            events.clear();
            venue.apply(commands.all()[i], events);
        }
    };
    const std::size_t half = commands.all().size() / 2;
    const std::size_t at_first = allocations;
    apply(0, half);
    EXPECT_GT(allocations, at_first); // the counter counts
    const std::size_t before = allocations;
    apply(half, commands.all().size());
    EXPECT_EQ(allocations, before);
    EXPECT_EQ(venue.violation(), "");
}

} // namespace
} // namespace tradehive::venue
