#include "journal/venue_id.hpp"

#include "commands.hpp"
#include "journal/journal.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace tradehive::journal {
namespace {

using journal::testing::TemporaryDirectory;

TEST(VenueId, IsMadeOnceAndIsEachVenuesOwn) {
    const TemporaryDirectory one;
    const TemporaryDirectory other;
    EXPECT_THROW((void)read_venue_id(one.path()), JournalError);
    const auto id = venue_id(one.path());
    EXPECT_EQ(id.size(), 32U);
    EXPECT_EQ(venue_id(one.path()), id);
    EXPECT_EQ(read_venue_id(one.path()), id);
    EXPECT_NE(venue_id(other.path()), id);
}

TEST(VenueId, DamageIsNamedAndNothingIsMadeInItsPlace) {
    const TemporaryDirectory directory;
    std::ofstream(directory.path() / "venue") << "half of i";
    EXPECT_THROW((void)venue_id(directory.path()), JournalError);
    std::ofstream(directory.path() / "venue") << "";
    EXPECT_THROW((void)venue_id(directory.path()), JournalError);
}

} // namespace
} // namespace tradehive::journal
