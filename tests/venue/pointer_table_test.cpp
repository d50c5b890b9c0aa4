#include "venue/pointer_table.hpp"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>

namespace tradehive::venue {
namespace {

// Random inserts and erases against a map, with hashes that collide often.
TEST(PointerTable, FindsWhatIsThereAndNothingElse) {
    std::mt19937_64 random{4711};
    for (const std::uint64_t spread : {3U, 17U, 1'000'000U}) {
        PointerTable<const std::uint64_t> table{0};
        std::map<std::uint64_t, std::unique_ptr<std::uint64_t>> known;
        const auto hash_of = [&](std::uint64_t key) { return mixed(key % spread); };
        for (int i = 0; i < 20'000; ++i) {
            const std::uint64_t key = random() % 200;
            const auto is_key = [&](std::uint64_t candidate) { return candidate == key; };
            const auto found = known.find(key);
            ASSERT_EQ(table.find(hash_of(key), is_key), found == known.end() ? nullptr : found->second.get());
            if (found == known.end()) {
                table.insert(hash_of(key), *(known[key] = std::make_unique<std::uint64_t>(key)));
            } else {
                table.erase(hash_of(key), *found->second);
                known.erase(found);
            }
            ASSERT_EQ(table.size(), known.size());
        }
    }
}

} // namespace
} // namespace tradehive::venue
