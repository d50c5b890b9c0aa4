#include "acceptor/failed_logons.hpp"

#include <algorithm>
#include <cstdint>

namespace tradehive::acceptor {
namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t remembered = std::int64_t{15} * 60 * second;
constexpr std::int64_t longest = 60 * second;
constexpr int free_failures = 4;

} // namespace

bool FailedLogons::closed(std::string_view username, std::string_view address, Timestamp now) const {
    const std::lock_guard lock{mutex_};
    const auto found = records_.find(Pair{username, address});
    return found != records_.end() && now < found->second.closed_until;
}

void FailedLogons::failed(std::string_view username, std::string_view address, Timestamp now) {
    const std::lock_guard lock{mutex_};
    Record& record = records_[Pair{username, address}];
    if (now.value() - record.last.value() > remembered) record.failures = 0;
    ++record.failures;
    record.last = now;
    if (record.failures > free_failures) {
        const auto doublings = std::min(record.failures - free_failures - 1, 6);
        record.closed_until = Timestamp{now.value() + std::min(second << doublings, longest)};
    }
    if (records_.size() <= most_) return;
    records_.erase(
        std::ranges::min_element(records_, {}, [](const auto& entry) { return entry.second.last; }));
}

void FailedLogons::succeeded(std::string_view username, std::string_view address) {
    const std::lock_guard lock{mutex_};
    records_.erase(Pair{username, address});
}

} // namespace tradehive::acceptor
