// Does the database say what the venue says?
//
// Both answers were given after the same event, and the projection stands at exactly that event (or no event
// since then changed a balance or an order): otherwise differences are only lag. Where somebody may write
// meanwhile, the caller has begun a transaction.
#pragma once

#include "db/database.hpp"
#include "domain/question.hpp"

#include <string>
#include <vector>

namespace tradehive::db {

// One sentence a difference, at most `most` of them; empty: equal. A zero balance and none are the same.
// Throws DatabaseError.
[[nodiscard]] std::vector<std::string> compare(Connection& connection, const BalancesAnswer& balances,
                                               const OpenOrdersAnswer& open_orders, std::size_t most = 100);

} // namespace tradehive::db
