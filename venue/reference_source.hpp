// The newest view of the venue's names, for everybody outside.
//
// Threads: current() any; publish() the venue's. A swap of a pointer under a mutex; readers keep what they
// got for as long as they like.
#pragma once

#include "domain/ports.hpp"

#include <memory>
#include <mutex>
#include <utility>

namespace tradehive::venue {

class PublishedReferenceData final : public ReferenceDataSource {
public:
    // Never null: an empty view before the first publish().
    [[nodiscard]] std::shared_ptr<const ReferenceData> current() const override {
        const std::scoped_lock lock{mutex_};
        return current_;
    }

    void publish(std::shared_ptr<const ReferenceData> newest) {
        const std::scoped_lock lock{mutex_};
        current_.swap(newest); // the old view dies outside the lock, if nobody holds it
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const ReferenceData> current_{std::make_shared<const ReferenceData>()};
};

} // namespace tradehive::venue
