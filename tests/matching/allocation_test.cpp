// The book allocates nothing once it has held as much as it holds. Every operator new of this program counts.
#include "matching/order_book.hpp"
#include "tests/bench/workload.hpp"

#include <gtest/gtest.h>

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

namespace tradehive::matching {
namespace {

// Ids go on counting from one round to the next.
void apply(OrderBook& book, const bench::Workload& workload, std::uint64_t first_id) {
    for (const bench::Operation& operation : workload.operations) {
        const OrderId order{first_id + operation.order.value()};
        if (operation.cancels) {
            book.cancel(order);
            continue;
        }
        book.enter({.order = order,
                    .owner = static_cast<std::uint32_t>(operation.side),
                    .side = operation.side,
                    .limit = operation.limit,
                    .quantity = operation.quantity,
                    .rests = true},
                   [](const Fill&) {});
    }
}

void cancel_all(OrderBook& book, std::uint64_t first_id, std::uint64_t orders) {
    for (std::uint64_t order = 1; order <= orders; ++order)
        book.cancel(OrderId{first_id + order});
}

TEST(OrderBookAllocation, NoneOnceItHasHeldAsMuch) {
    const bench::Workload workload = bench::Workload::w1(2'000, 50'000);
    const std::uint64_t ids = workload.operations.size();
    OrderBook book;
    const std::size_t before = allocations;
    apply(book, workload, 0);
    cancel_all(book, 0, ids);
    ASSERT_EQ(book.size(), 0U);
    ASSERT_GT(allocations, before) << "the counter does not count";

    const std::size_t warm = allocations;
    for (std::uint64_t round = 1; round <= 20; ++round) {
        apply(book, workload, round * ids);
        cancel_all(book, round * ids, ids);
    }
    EXPECT_EQ(allocations, warm);
}

TEST(OrderBookAllocation, NoneForOrdersThatWereExpected) {
    OrderBook book{1'000};
    const auto enter = [&](std::uint64_t order) {
        book.enter({.order = OrderId{order},
                    .owner = 0,
                    .side = Side::buy,
                    .limit = Price{1},
                    .quantity = Quantity{1},
                    .rests = true},
                   [](const Fill&) {});
    };
    enter(1); // makes the level
    const std::size_t before = allocations;
    for (std::uint64_t order = 2; order <= 1'000; ++order)
        enter(order);
    EXPECT_EQ(allocations, before);
}

} // namespace
} // namespace tradehive::matching
